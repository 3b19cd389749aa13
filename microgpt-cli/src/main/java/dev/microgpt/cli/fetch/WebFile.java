package dev.microgpt.cli.fetch;

import dev.microgpt.cli.terminal.DownloadLine;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.train.internal.disk.SystemReason;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A file on a web server.
 *
 * <p>Does not use {@code java.net.http.HttpClient}, whose timeout covers the headers only: a server that stops sending
 * in the middle of the body would block it forever.
 */
public final class WebFile {
    private static final int MOST_REDIRECTS = 10;
    private static final int BUFFER = 1 << 16;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int TEMPORARY_REDIRECT = 307;
    private static final int PERMANENT_REDIRECT = 308;

    private final URI address;
    private final boolean pinned;
    private final int timeoutMillis;

    /**
     * A file that has not been requested yet.
     *
     * @param address       http or https
     * @param pinned        whether the hash of the content is known
     * @param timeoutMillis the time to wait for the connection and for each read in milliseconds, at least 1
     */
    public WebFile(URI address, boolean pinned, int timeoutMillis) {
        this.address = address;
        this.pinned = pinned;
        this.timeoutMillis = timeoutMillis;
    }

    /**
     * Appends the rest of the file to its first part, which may be empty. If the server cannot start in the middle, the
     * part is cleared first.
     *
     * @throws NetworkException if the download is incomplete; the part holds the data received so far
     */
    void copyTo(PartialFile part, DownloadLine line) throws IOException {
        long offset = part.length();
        HttpURLConnection connection = connect(offset);
        try {
            int status = status(connection);
            if (status == RANGE_NOT_SATISFIABLE && offset > 0) { // the part is longer than the file
                part.clear();
                copyTo(part, line);
                return;
            }
            if (status == HttpURLConnection.HTTP_OK && offset > 0) {
                part.clear();
            } else if (status == HttpURLConnection.HTTP_PARTIAL && offset > 0) {
                checkRange(offset, connection.getHeaderField("Content-Range"));
            } else if (status != HttpURLConnection.HTTP_OK) {
                throw failed("the server answered " + status + reason(connection) + " instead of 200 OK");
            }
            copyBody(connection, part, line);
        } finally {
            connection.disconnect();
        }
    }

    /** Follows redirects; {@link HttpURLConnection} does not from http to https, and would not check the target. */
    private HttpURLConnection connect(long offset) throws NetworkException {
        URI asked = address;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            HttpURLConnection connection = request(asked, offset);
            if (!isRedirect(status(connection))) {
                return connection;
            }
            asked = redirected(asked, connection.getHeaderField("Location"));
            connection.disconnect();
        }
        throw failed("the server redirects more than " + MOST_REDIRECTS + " times");
    }

    private HttpURLConnection request(URI asked, long offset) throws NetworkException {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create(asked.toASCIIString()).toURL().openConnection();
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout(timeoutMillis);
            connection.setReadTimeout(timeoutMillis);
            connection.setUseCaches(false);
            connection.setRequestProperty("User-Agent", "microgpt");
            connection.setRequestProperty("Accept", "*/*");
            connection.setRequestProperty(
                    "Accept-Encoding", "identity"); // the hash is that of the file, not of its gzip form
            if (offset > 0) {
                connection.setRequestProperty("Range", "bytes=" + offset + "-");
            }
            return connection;
        } catch (IOException impossible) {
            throw failed(impossible.getMessage());
        }
    }

    private int status(HttpURLConnection connection) throws NetworkException {
        String host = connection.getURL().getHost();
        int status;
        try {
            status = connection.getResponseCode();
        } catch (IOException failure) {
            throw failed(explained(failure, host));
        }
        if (status < 0) {
            throw failed(host + " does not answer as a web server");
        }
        return status;
    }

    private static boolean isRedirect(int status) {
        return switch (status) {
            case HttpURLConnection.HTTP_MOVED_PERM,
                    HttpURLConnection.HTTP_MOVED_TEMP,
                    HttpURLConnection.HTTP_SEE_OTHER,
                    TEMPORARY_REDIRECT,
                    PERMANENT_REDIRECT -> true;
            default -> false;
        };
    }

    private URI redirected(URI from, @Nullable String location) throws NetworkException {
        try {
            URI to = from.resolve(location == null ? "" : location);
            if (location != null && WebAddress.isAllowed(to, pinned)) {
                return to;
            }
        } catch (IllegalArgumentException noAddress) {
            // reported below
        }
        throw failed("the server redirects to " + Format.visible(String.valueOf(location)) + ", but it must be "
                + WebAddress.EXPECTED);
    }

    private void checkRange(long offset, @Nullable String contentRange) throws NetworkException {
        if (contentRange == null || !contentRange.startsWith("bytes " + offset + "-")) {
            throw failed("the server sent " + Format.visible(String.valueOf(contentRange)) + " instead of bytes from "
                    + offset + " on");
        }
    }

    private static String reason(HttpURLConnection connection) throws IOException {
        String reason = connection.getResponseMessage();
        return reason == null || reason.isEmpty() ? "" : " " + Format.visible(reason);
    }

    private void copyBody(HttpURLConnection connection, PartialFile part, DownloadLine line) throws IOException {
        long length = connection.getContentLengthLong();
        long end = length < 0 ? DownloadLine.UNKNOWN : part.length() + length;
        byte[] buffer = new byte[BUFFER];
        try (InputStream body = body(connection)) {
            line.show(part.length(), end);
            for (int read = read(body, buffer, part, end); read >= 0; read = read(body, buffer, part, end)) {
                part.append(buffer, read);
                line.show(part.length(), end);
            }
        }
        if (length >= 0 && part.length() != end) { // older Java versions treat it as the end of the file
            throw broken(part, end);
        }
    }

    private InputStream body(HttpURLConnection connection) throws NetworkException {
        try {
            return connection.getInputStream();
        } catch (IOException failure) {
            throw failed(explained(failure, connection.getURL().getHost()));
        }
    }

    private int read(InputStream body, byte[] buffer, PartialFile part, long end) throws IOException {
        try {
            return body.read(buffer);
        } catch (SocketTimeoutException silence) {
            throw failed(explained(silence, address.getHost()));
        } catch (IOException failure) {
            throw broken(part, end);
        }
    }

    private NetworkException broken(PartialFile part, long end) throws IOException {
        String all = end == DownloadLine.UNKNOWN ? "" : " of " + Format.grouped(end);
        return failed("the connection broke after " + Format.grouped(part.length()) + all + " bytes");
    }

    private String explained(IOException failure, String host) {
        if (failure instanceof UnknownHostException) {
            return "cannot find host " + host + "; is the network up?";
        }
        if (failure instanceof ConnectException) {
            return "cannot connect to " + host + ": " + SystemReason.ofStream(failure);
        }
        if (failure instanceof SocketTimeoutException) {
            return host + " sent nothing for " + timeoutMillis / 1000.0 + " s";
        }
        if (failure instanceof SSLException) {
            return "no secure connection to " + host + ": " + failure.getMessage();
        }
        boolean isOfTheSystem = failure instanceof SocketException;
        return "the connection to " + host + " broke: "
                + (isOfTheSystem ? SystemReason.ofStream(failure) : failure.getMessage());
    }

    private NetworkException failed(@Nullable String what) {
        return new NetworkException(address + ": " + what);
    }
}

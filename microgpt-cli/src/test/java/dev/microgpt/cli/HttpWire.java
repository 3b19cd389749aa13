package dev.microgpt.cli;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A connection to a server of this machine, on which a test sends any bytes and sees exactly what comes back. */
final class HttpWire implements AutoCloseable {
    /** A server that takes longer hangs. */
    private static final int HANG_MILLIS = 45_000;

    private static final int CONTINUE = 100;

    private final Socket socket = new Socket();
    private final InputStream in;

    HttpWire(int port) throws IOException {
        this(port, 0);
    }

    /** With a receive buffer of so many bytes, the server soon notices that nobody reads; 0 for the usual one. */
    HttpWire(int port, int receiveBuffer) throws IOException {
        if (receiveBuffer > 0) {
            socket.setReceiveBufferSize(receiveBuffer);
        }
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(HANG_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), HANG_MILLIS);
        in = new BufferedInputStream(socket.getInputStream());
    }

    void send(String latin1) throws IOException {
        send(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** A whole request with a body. */
    static String post(String path, String json) {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length + "\r\n\r\n" + new String(body, StandardCharsets.ISO_8859_1);
    }

    /** A whole request without a body. */
    static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    /** Reads a whole answer. */
    HttpAnswer read() throws IOException {
        HttpAnswer head = readHead();
        return new HttpAnswer(head.status(), head.headers(), body(head).readAllBytes());
    }

    /**
     * Sends bytes and no more after them, which may be refused before they are all sent, and reads the answer, or null
     * if the connection is closed without one.
     */
    @Nullable
    HttpAnswer tryOut(byte[] bytes, boolean isHead) throws IOException {
        try {
            send(bytes);
            socket.shutdownOutput();
        } catch (IOException closed) {
            // the answer may have come before that
        }
        return tryRead(isHead);
    }

    /** Reads an answer, which has no body to HEAD, or null if the connection is closed without one. */
    @Nullable
    HttpAnswer tryRead(boolean isHead) throws IOException {
        try {
            return isHead ? readHead() : read();
        } catch (SocketTimeoutException hangs) {
            throw hangs;
        } catch (IOException closed) {
            return null;
        }
    }

    /** Reads the head of an answer. */
    HttpAnswer readHead() throws IOException {
        while (true) {
            String line = readLine();
            if (!line.startsWith("HTTP/1.")) {
                throw new AssertionError("no status line: " + line);
            }
            int status = Integer.parseInt(line.split(" ")[1]);
            Map<String, List<String>> headers = new TreeMap<>();
            for (line = readLine(); !line.isEmpty(); line = readLine()) {
                int colon = line.indexOf(':');
                headers.computeIfAbsent(line.substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>())
                        .add(line.substring(colon + 1).strip());
            }
            if (status != CONTINUE) {
                return new HttpAnswer(status, headers, new byte[0]);
            }
        }
    }

    /** The body that follows a head; to its end in chunks, or else of its length, or else until the end. */
    InputStream body(HttpAnswer head) {
        if (head.header("transfer-encoding").equals("chunked")) {
            return new Chunks();
        }
        String length = head.header("content-length");
        if (head.status() == 204 || length.equals("0")) {
            return InputStream.nullInputStream();
        }
        return length.isEmpty() ? in : new Counted(Integer.parseInt(length));
    }

    private String readLine() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended after " + line);
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    /** Nothing is left, and the server has closed the connection. */
    boolean isClosed() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException hangs) {
            throw hangs;
        } catch (IOException reset) {
            return true;
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** A body of a known length. */
    private final class Counted extends InputStream {
        private int left;

        private Counted(int length) {
            left = length;
        }

        @Override
        public int read() throws IOException {
            if (left == 0) {
                return -1;
            }
            int b = in.read();
            if (b < 0) {
                throw new EOFException(left + " bytes of the body are missing");
            }
            left--;
            return b;
        }
    }

    /** A body in chunks; one that breaks off is an error. */
    private final class Chunks extends InputStream {
        private int left;
        private boolean isFirst = true;
        private boolean isAtEnd;

        @Override
        public int read() throws IOException {
            if (left == 0 && !isAtEnd) {
                nextChunk();
            }
            if (isAtEnd) {
                return -1;
            }
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the connection ended in the middle of a chunk");
            }
            left--;
            return b;
        }

        private void nextChunk() throws IOException {
            if (!isFirst && !readLine().isEmpty()) {
                throw new AssertionError("a chunk is longer than it says");
            }
            isFirst = false;
            left = Integer.parseInt(readLine(), 16);
            if (left == 0) {
                isAtEnd = true;
                readLine();
            }
        }
    }
}

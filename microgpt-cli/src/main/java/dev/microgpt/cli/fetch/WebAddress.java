package dev.microgpt.cli.fetch;

import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Decides which addresses may be downloaded, and derives file names from them. */
public final class WebAddress {
    /** The addresses that {@link #isAllowed} accepts, for messages. */
    public static final String EXPECTED = "https://HOST/PATH, or http:// with --sha256";

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\]");
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]*");

    private WebAddress() {}

    /**
     * Returns whether an address may be downloaded. Data sent over plain HTTP can be changed by anybody on the way, so
     * its hash must be known, except if the server is this machine.
     *
     * @param pinned whether the hash of the content is known
     */
    public static boolean isAllowed(URI address, boolean pinned) {
        if (address.getScheme() == null || address.getHost() == null) {
            return false;
        }
        return switch (address.getScheme()) {
            case "https" -> true;
            case "http" -> pinned || LOOPBACK.matcher(address.getHost()).matches();
            default -> false;
        };
    }

    /** Returns the last part of the path, or null if it is not a plain file name. */
    public static @Nullable String fileName(URI address) {
        String path = address.getRawPath();
        String name = path.substring(path.lastIndexOf('/') + 1);
        return PLAIN_NAME.matcher(name).matches() ? name : null;
    }
}

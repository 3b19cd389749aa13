package dev.microgpt.cli.serve;

import com.sun.net.httpserver.Headers;
import dev.microgpt.train.internal.Quoted;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the server: those who address it by a name of its own, and who know the key.
 *
 * <p>A page of another site can make its own name resolve to this machine, and would then be allowed to read answers
 * (DNS rebinding); its requests still name that site as their host.
 */
final class Access {
    private static final int FORBIDDEN = 403;
    private static final String BEARER = "Bearer ";

    private final Set<String> hosts = new TreeSet<>(List.of("localhost", "127.0.0.1", "[::1]"));
    private final byte @Nullable [] key;

    Access(ServerConfig config) {
        hosts.add(bracketed(config.host()));
        config.allowedHosts().forEach(name -> hosts.add(withoutPort(bracketed(name))));
        String apiKey = config.apiKey();
        key = apiKey == null ? null : apiKey.getBytes(StandardCharsets.UTF_8);
    }

    /** Returns a host as URLs have it: in lower case, an IPv6 address in brackets. */
    static String bracketed(String host) {
        boolean isBare = host.indexOf(':') != host.lastIndexOf(':') && !host.startsWith("["); // one stands for a port
        return (isBare ? "[" + host + "]" : host).toLowerCase(Locale.ROOT);
    }

    void checkHost(Headers headers) {
        List<String> given = headers.getOrDefault("Host", List.of());
        String host = given.size() == 1 ? withoutPort(given.get(0)).toLowerCase(Locale.ROOT) : "";
        if (host.isEmpty() || !hosts.contains(host)) {
            String found = given.isEmpty() ? "missing" : Quoted.of(String.join(", ", given));
            throw ApiError.ofRequest(
                    FORBIDDEN,
                    "the header Host is " + found + ", but must be one of " + String.join(", ", hosts)
                            + ", with any port; microgpt serve --allow-host NAME adds a name",
                    "host_not_allowed");
        }
    }

    private static String withoutPort(String host) {
        return host.replaceFirst(":[0-9]*$", "");
    }

    void checkKey(Headers headers) {
        if (key == null) {
            return;
        }
        String given = headers.getFirst("Authorization");
        boolean isBearer = given != null && given.regionMatches(true, 0, BEARER, 0, BEARER.length());
        byte[] sent =
                isBearer ? given.substring(BEARER.length()).strip().getBytes(StandardCharsets.UTF_8) : new byte[0];
        if (!MessageDigest.isEqual(key, sent)) { // in a time that does not tell how much of it is right
            throw ApiError.ofKey(
                    given == null
                            ? "the header Authorization is missing, but must be \"Bearer KEY\" with the server's API"
                                    + " key"
                            : "the header Authorization must be \"Bearer KEY\" with the server's API key, but has"
                                    + " another key or form");
        }
    }
}

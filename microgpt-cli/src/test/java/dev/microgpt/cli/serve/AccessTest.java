package dev.microgpt.cli.serve;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.Headers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccessTest {
    private static final Access ACCESS =
            new Access(new ServerConfig("::2", 80, 1, 0, 1, 1, List.of("Example.org"), "secret"));

    private static Headers headers(String name, String... values) {
        Headers headers = new Headers();
        for (String value : values) {
            headers.add(name, value);
        }
        return headers;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "LOCALHOST:81", "127.0.0.1:80", "[::1]:9", "[::1]", "[::2]:80", "example.ORG:1"})
    void itsOwnNamesAreAllowedWithAnyPort(String host) {
        assertDoesNotThrow(() -> ACCESS.checkHost(headers("Host", host)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "localhost.evil.example",
                "evil.example:80",
                "127.0.0.1.",
                "::1",
                "",
                "localhost:x"
            })
    void othersAreRefused(String host) {
        ApiError refused = assertThrows(ApiError.class, () -> ACCESS.checkHost(headers("Host", host)));
        assertEquals(403, refused.status());
    }

    @Test
    void anAllowedNameMayHaveAPortAndAnEmptyOneAllowsNothing() {
        Access access = new Access(
                new ServerConfig("", 80, 1, 0, 1, 1, List.of("models.example:8443", "::3", "[::4]:80"), null));
        for (String host : List.of("models.example:8443", "models.example", "[::3]:80", "[::4]")) {
            assertDoesNotThrow(() -> access.checkHost(headers("Host", host)), host);
        }
        assertThrows(ApiError.class, () -> access.checkHost(headers("Host", "")));
        assertThrows(ApiError.class, () -> access.checkHost(headers("Other", "localhost")));
    }

    @Test
    void thereMustBeOneHost() {
        assertThrows(ApiError.class, () -> ACCESS.checkHost(headers("Other", "localhost")));
        assertThrows(ApiError.class, () -> ACCESS.checkHost(headers("Host", "localhost", "evil.example")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secret", "bearer secret", "Bearer  secret "})
    void theKeyOpens(String authorization) {
        assertDoesNotThrow(() -> ACCESS.checkKey(headers("Authorization", authorization)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer secre", "Bearer secret2", "secret", "Basic secret", "Bearer", "Bearer "})
    void anythingElseDoesNot(String authorization) {
        ApiError refused = assertThrows(ApiError.class, () -> ACCESS.checkKey(headers("Authorization", authorization)));
        assertEquals(401, refused.status());
        assertThrows(ApiError.class, () -> ACCESS.checkKey(headers("Host", "localhost")));
    }
}

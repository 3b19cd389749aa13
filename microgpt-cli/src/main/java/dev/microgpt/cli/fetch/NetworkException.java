package dev.microgpt.cli.fetch;

import java.io.IOException;

/** A server cannot be reached, refuses, or falls silent; what came so far may be worth keeping. */
final class NetworkException extends IOException {
    private static final long serialVersionUID = 1L;

    NetworkException(String message) {
        super(message);
    }
}

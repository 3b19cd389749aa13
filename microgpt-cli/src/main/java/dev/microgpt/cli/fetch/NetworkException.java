package dev.microgpt.cli.fetch;

import java.io.IOException;

/** Thrown if a server cannot be reached, refuses a request or stops sending; the data so far may be worth keeping. */
final class NetworkException extends IOException {
    private static final long serialVersionUID = 1L;

    NetworkException(String message) {
        super(message);
    }
}

package dev.microgpt.train.sweep;

import java.io.IOException;

/** Thrown when a sweep cannot be run; the message names the file, the line, the value, the rule and the repair. */
public final class SweepException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line: where, what is wrong, and how to repair it
     */
    public SweepException(String message) {
        super(message);
    }
}

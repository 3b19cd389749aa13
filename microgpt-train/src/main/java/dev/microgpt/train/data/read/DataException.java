package dev.microgpt.train.data.read;

import java.io.IOException;

/** Thrown when the content of a data file cannot be used; the message is one line that names the file. */
public final class DataException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line: the file, what is wrong with it, and what it must be
     */
    public DataException(String message) {
        super(message);
    }
}

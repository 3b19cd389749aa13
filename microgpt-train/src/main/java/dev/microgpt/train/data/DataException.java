package dev.microgpt.train.data;

import java.io.IOException;

/**
 * A data file was read, but its content cannot be trained on. The message is one line that names the file and says what
 * was found and expected.
 */
public final class DataException extends IOException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param message one line, {@code data FILE: found …, expected …}
     */
    public DataException(String message) {
        super(message);
    }
}

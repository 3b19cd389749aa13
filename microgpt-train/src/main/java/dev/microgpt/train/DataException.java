package dev.microgpt.train;

import java.io.IOException;

/**
 * A data file was read, but its content cannot be trained on. The message is one line that names the file and says what
 * was found and expected.
 */
public final class DataException extends IOException {
    private static final long serialVersionUID = 1L;

    DataException(String message) {
        super(message);
    }
}

package dev.microgpt.train.huggingface;

import java.io.IOException;

/**
 * A folder of Hugging Face's holds no model that this library can use. The message is one line that names the file and
 * says what was found and expected.
 */
public final class HuggingFaceException extends IOException {
    private static final long serialVersionUID = 1L;

    HuggingFaceException(String message) {
        super(message);
    }

    HuggingFaceException(String message, Throwable cause) {
        super(message, cause);
    }
}

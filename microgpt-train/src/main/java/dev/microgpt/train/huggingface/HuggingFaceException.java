package dev.microgpt.train.huggingface;

import java.io.IOException;

/**
 * Thrown if a Hugging Face folder does not contain a model that this library supports. The message is one line that
 * names the file, what was found there and what is expected.
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

package dev.microgpt.train.checkpoint;

import dev.microgpt.train.internal.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown when a safetensors file is not a checkpoint that this version of microgpt can use. The message is one line,
 * {@code checkpoint run1.safetensors: …}.
 */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    CheckpointException(Path file, String message) {
        super("checkpoint " + Quoted.fileName(file) + ": " + message);
    }
}

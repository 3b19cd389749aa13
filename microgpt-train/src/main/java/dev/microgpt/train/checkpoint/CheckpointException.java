package dev.microgpt.train.checkpoint;

import dev.microgpt.train.internal.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file is a safetensors file, but not a checkpoint that this version can use. The message is one line, {@code
 * checkpoint run1.safetensors: …}.
 */
public final class CheckpointException extends IOException {
    private static final long serialVersionUID = 1L;

    CheckpointException(Path file, String message) {
        super("checkpoint " + Quoted.fileName(file) + ": " + message);
    }
}

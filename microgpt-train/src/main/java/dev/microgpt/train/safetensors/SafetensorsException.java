package dev.microgpt.train.safetensors;

import dev.microgpt.train.internal.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A file is not an acceptable safetensors file: damaged, incomplete, hostile, or something else altogether. The message
 * is one line, {@code checkpoint run1.safetensors: WHERE: found X, expected Y}.
 */
public final class SafetensorsException extends IOException {

    private static final long serialVersionUID = 1L;

    SafetensorsException(Path file, String where, String found, String expected) {
        super("checkpoint " + Quoted.fileName(file) + ": " + where + ": found " + found + ", expected " + expected);
    }
}

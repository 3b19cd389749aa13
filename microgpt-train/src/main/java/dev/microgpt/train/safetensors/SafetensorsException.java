package dev.microgpt.train.safetensors;

import dev.microgpt.train.internal.Quoted;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown if a file is not an acceptable safetensors file: damaged, incomplete, hostile, or of another format. The
 * message is one line that names the file, the place in it, what was found there and what the format allows, such as
 * {@code checkpoint run1.safetensors: tensor "wte" dtype: found "F32", expected "F64" …}.
 */
public final class SafetensorsException extends IOException {

    private static final long serialVersionUID = 1L;

    SafetensorsException(Path file, String where, String found, String expected) {
        super("checkpoint " + Quoted.fileName(file) + ": " + where + ": found " + found + ", expected " + expected);
    }

    private SafetensorsException(String message) {
        super(message);
    }

    /** A file that is none of the format, which comes first; what it is instead comes last. */
    static SafetensorsException foreign(Path file, String kind, String where, String found, String expected) {
        return new SafetensorsException("checkpoint " + Quoted.fileName(file) + ": not a safetensors file (" + where
                + ": found " + found + ", expected " + expected + ")" + kind);
    }

    /** A path that leads to no file. */
    static SafetensorsException noFile(Path path, String kind) {
        boolean isFolder = kind.equals("a folder");
        String expected = isFolder ? "a file in it, such as checkpoint.safetensors" : "an ordinary file";
        return new SafetensorsException(path, "not a safetensors file", kind, expected);
    }

    static SafetensorsException changed(Path file) {
        return new SafetensorsException("checkpoint " + Quoted.fileName(file)
                + ": the file was modified while it was being read; it must not change until it has been read");
    }
}

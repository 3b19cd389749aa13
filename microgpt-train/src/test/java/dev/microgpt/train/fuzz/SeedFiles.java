package dev.microgpt.train.fuzz;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects valid files, and bounds the allocation of reading text files. */
final class SeedFiles {
    static final long MEGABYTE = 1 << 20;

    /** Bytes that may be allocated per byte of JSON or text. */
    private static final int TEXT_FACTOR = 64;

    private SeedFiles() {}

    static Map<String, byte[]> one(Path file) throws IOException {
        return Map.of(file.getFileName().toString(), Files.readAllBytes(file));
    }

    static Map<String, byte[]> all(Path folder) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path file : paths) {
                files.put(file.getFileName().toString(), Files.readAllBytes(file));
            }
        }
        return files;
    }

    /** Returns the number of bytes that the reader of some text files may allocate. */
    static long boundOfText(Map<String, byte[]> files) {
        long bytes = 0;
        for (byte[] file : files.values()) {
            bytes += file.length;
        }
        return TEXT_FACTOR * bytes + MEGABYTE;
    }
}

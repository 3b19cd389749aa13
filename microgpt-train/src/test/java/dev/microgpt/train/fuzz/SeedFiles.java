package dev.microgpt.train.fuzz;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Good files, taken from where they were made, and how much reading such files may allocate. */
final class SeedFiles {
    static final long MEGABYTE = 1 << 20;

    /** What a megabyte of JSON or text may take besides. */
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

    /** How many bytes the reader of some files of text may allocate. */
    static long boundOfText(Map<String, byte[]> files) {
        long bytes = 0;
        for (byte[] file : files.values()) {
            bytes += file.length;
        }
        return TEXT_FACTOR * bytes + MEGABYTE;
    }
}

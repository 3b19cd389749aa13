package dev.microgpt.cli;

import dev.microgpt.train.internal.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The content of a folder at one moment.
 *
 * @param entries size, time and hash by path
 */
record Snapshot(Map<String, String> entries) {
    /** Inputs with more bytes are too large to be hashed for every case. */
    private static final int LARGE = 1 << 20;

    static Snapshot of(Path folder) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.toList()) {
                entries.put(folder.relativize(path).toString(), describe(path));
            }
        }
        return new Snapshot(entries);
    }

    private static String describe(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            return "a folder"; // in which there may have been a lock meanwhile
        }
        String time = Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toString();
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            return time;
        }
        if (Files.size(path) > LARGE) {
            return time + " " + Files.size(path);
        }
        byte[] content = Files.readAllBytes(path);
        return time + " " + content.length + " "
                + HexFormat.of().formatHex(Sha256.digest().digest(content));
    }

    /** Returns the paths that are not as they were. */
    List<String> changesTo(Snapshot later) {
        TreeSet<String> paths = new TreeSet<>(entries.keySet());
        paths.addAll(later.entries.keySet());
        List<String> changes = new ArrayList<>();
        for (String path : paths) {
            String before = entries.getOrDefault(path, "nothing");
            String after = later.entries.getOrDefault(path, "nothing");
            if (!before.equals(after)) {
                changes.add("\"" + path + "\": was " + before + ", is " + after);
            }
        }
        return changes;
    }
}

package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.disk.FileKind;
import dev.microgpt.train.internal.disk.UnusableFileException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.PatternSyntaxException;

/** The files of a folder and of its subfolders that a pattern matches. */
final class FolderFiles {
    private final Path folder;
    private final String pattern;
    private final PathMatcher matcher;

    /** By their paths in the folder, with slashes. */
    private final SortedMap<String, Path> files = new TreeMap<>();

    private int others;
    private int hidden;
    private int links; // to folders

    /**
     * Lists them.
     *
     * @throws IllegalArgumentException if the pattern is malformed
     * @throws IOException if a folder cannot be listed, or if a matching file is a device, a pipe or a socket
     */
    FolderFiles(Path folder, String pattern) throws IOException {
        this.folder = folder;
        this.pattern = pattern;
        try {
            matcher = FileSystems.getDefault().getPathMatcher("glob:" + withOptionalFolders(pattern));
        } catch (PatternSyntaxException malformed) {
            throw new IllegalArgumentException("pattern \"" + pattern + "\": " + malformed.getDescription()
                    + "; write for example *.txt, *.{c,h} or src/**/*.java");
        }
        list(folder, "");
    }

    /** Lets <code>**&#47;</code> match no folder, as in a shell, where the syntax of Java allows it. */
    private static String withOptionalFolders(String pattern) {
        return pattern.indexOf('{') < 0 ? pattern.replace("**/", "{**/,}") : pattern.replaceFirst("^\\*\\*/", "{**/,}");
    }

    private void list(Path parent, String prefix) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (name.startsWith(".")) {
                    hidden++;
                } else if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    list(entry, prefix + name + "/");
                } else if (Files.isDirectory(entry)) {
                    links++;
                } else if (matcher.matches(Path.of(pattern.indexOf('/') < 0 ? name : prefix + name))) {
                    checkIsFile(entry);
                    files.put(prefix + name, entry);
                } else {
                    others++;
                }
            }
        }
    }

    /** A device or pipe may be endless or wait for a writer, so it is read only if it is named directly. */
    private static void checkIsFile(Path entry) throws UnusableFileException {
        if (FileKind.isOther(entry)) {
            String reason = "this is a device, a pipe or a socket, but the texts of a folder must be regular files;"
                    + " move it away, or name it directly";
            throw new UnusableFileException(entry, reason);
        }
    }

    /** Returns the files that match, sorted by their paths in the folder. */
    List<Path> files() {
        return new ArrayList<>(files.values());
    }

    /** Returns what was found, as a sentence without its full stop. */
    String description() {
        List<String> passed = new ArrayList<>();
        if (others > 0) {
            passed.add(others + (others == 1 ? " file" : " files") + " that " + pattern + " does not match");
        }
        if (hidden > 0) {
            passed.add(hidden + " hidden"
                    + (others > 0 ? (hidden == 1 ? " one" : " ones") : hidden == 1 ? " file" : " files"));
        }
        if (links > 0) {
            passed.add(links + (links == 1 ? " link to a folder" : " links to folders"));
        }
        String read = "read " + files.size() + (files.size() == 1 ? " file" : " files") + " of " + folder;
        return passed.isEmpty() ? read : read + "; passed over " + String.join(" and ", passed);
    }
}

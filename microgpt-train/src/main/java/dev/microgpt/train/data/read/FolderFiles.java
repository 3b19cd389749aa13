package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.disk.FileKind;
import dev.microgpt.train.internal.disk.UnusableFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The files of a folder and of its subfolders that a pattern matches. */
final class FolderFiles {
    private static final Pattern ANY_FOLDERS = Pattern.compile("(?<![^/{,])\\*\\*/");

    /** The most of them in a pattern, which becomes a matcher for each subset of them. */
    private static final int MOST_ANY_FOLDERS = 8;

    private final Path folder;
    private final String pattern;
    private final List<PathMatcher> matchers = new ArrayList<>();
    private final List<Path> files = new ArrayList<>();
    private int others;
    private int hiddenFiles;
    private int hiddenFolders;
    private int links; // to folders

    /**
     * Lists them.
     *
     * @throws IllegalArgumentException if the pattern is malformed
     * @throws IOException if a folder cannot be listed, or if a matching file is a device, a pipe, a socket, or a link
     *     to nothing
     */
    FolderFiles(Path folder, String pattern) throws IOException {
        this.folder = folder;
        this.pattern = pattern;
        for (String variant : variants(pattern)) {
            try {
                matchers.add(folder.getFileSystem().getPathMatcher("glob:" + variant));
            } catch (PatternSyntaxException wrong) {
                throw malformed(pattern, String.valueOf(wrong.getDescription()));
            }
        }
        list(folder, folder.getFileSystem().getPath(""));
        files.sort(FolderFiles::compare);
    }

    /** Returns a pattern with and without each of its <code>**&#47;</code>, which may also match no folder. */
    private static List<String> variants(String pattern) {
        if (pattern.isEmpty()) {
            throw malformed(pattern, "it is empty, but must have at least one character");
        }
        List<Integer> places = new ArrayList<>();
        for (Matcher found = ANY_FOLDERS.matcher(pattern); found.find(); ) {
            places.add(0, found.start()); // the last first, so that the others stay where they are
        }
        if (places.size() > MOST_ANY_FOLDERS) {
            throw malformed(pattern, "it has **/ " + places.size() + " times, but may at most " + MOST_ANY_FOLDERS);
        }
        List<String> variants = new ArrayList<>(List.of(pattern));
        for (int place : places) {
            for (String variant : List.copyOf(variants)) {
                variants.add(variant.substring(0, place) + variant.substring(place + "**/".length()));
            }
        }
        return variants;
    }

    private static IllegalArgumentException malformed(String pattern, String reason) {
        return new IllegalArgumentException(
                "pattern \"" + pattern + "\": " + reason + "; write for example *.txt, *.{c,h} or src/**/*.java");
    }

    /** Lists a folder, which has the path {@code place} in the whole one. A name may be bytes that are no text. */
    private void list(Path parent, Path place) throws IOException {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
            for (Path entry : entries) {
                Path name = entry.getFileName();
                boolean isFolder = Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS);
                if (name.toString().startsWith(".")) {
                    hiddenFolders += isFolder ? 1 : 0;
                    hiddenFiles += isFolder ? 0 : 1;
                } else if (isFolder) {
                    list(entry, place.resolve(name));
                } else if (Files.isDirectory(entry)) {
                    links++;
                } else if (matches(pattern.indexOf('/') < 0 ? name : place.resolve(name))) {
                    checkIsFile(entry);
                    files.add(entry);
                } else {
                    others++;
                }
            }
        }
    }

    private boolean matches(Path path) {
        for (PathMatcher matcher : matchers) {
            if (matcher.matches(path)) {
                return true;
            }
        }
        return false;
    }

    /** A device or pipe may be endless or wait for a writer, so it is read only if it is named directly. */
    private static void checkIsFile(Path entry) throws UnusableFileException {
        if (Files.notExists(entry)) {
            String reason = "this is a link to a file that does not exist, but the texts of a folder must be regular"
                    + " files; remove the link, or let it name a file";
            throw new UnusableFileException(entry, reason);
        }
        if (FileKind.isOther(entry)) {
            String reason = "this is a device, a pipe or a socket, but the texts of a folder must be regular files;"
                    + " move it away, or name it directly";
            throw new UnusableFileException(entry, reason);
        }
    }

    /** Compares paths with slashes by their bytes, which are the same in every locale; Windows has them as text. */
    private static int compare(Path one, Path other) {
        return one.getFileSystem().getSeparator().equals("/")
                ? one.compareTo(other)
                : Arrays.compareUnsigned(utf8(one), utf8(other));
    }

    private static byte[] utf8(Path path) {
        String separator = path.getFileSystem().getSeparator();
        return path.toString().replace(separator, "/").getBytes(StandardCharsets.UTF_8);
    }

    /** Returns the files that match, sorted by their paths in the folder. */
    List<Path> files() {
        return files;
    }

    /** Returns what was found, as a sentence without its full stop. */
    String description() {
        List<String> passed = new ArrayList<>();
        if (others > 0) {
            passed.add(others + (others == 1 ? " file" : " files") + " that " + pattern + " does not match");
        }
        if (hiddenFiles > 0) {
            passed.add(hiddenFiles + (hiddenFiles == 1 ? " hidden file" : " hidden files"));
        }
        if (hiddenFolders > 0) {
            passed.add(hiddenFolders + (hiddenFolders == 1 ? " hidden folder" : " hidden folders"));
        }
        if (links > 0) {
            passed.add(links + (links == 1 ? " link to a folder" : " links to folders"));
        }
        String read = "read " + files.size() + (files.size() == 1 ? " file" : " files") + " of " + folder;
        return passed.isEmpty() ? read : read + "; passed over " + String.join(", ", passed);
    }
}

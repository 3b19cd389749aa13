package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses, before the work whose result it is for, a path at which no file can be written. */
public final class OutputFile {
    private OutputFile() {}

    /** Checks a file whose folder must exist. */
    public static void check(String option, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null && !Files.exists(folder)) {
            throw new CliException(
                    ExitCode.IO, option + " " + file + ": the folder " + folder + " is missing", "create it first");
        }
        checkInNewFolder(option, file);
    }

    /** Checks a file whose folder is created if it is missing. */
    public static void checkInNewFolder(String option, Path file) {
        if (Files.isDirectory(file)) {
            throw new CliException(ExitCode.IO, option + " " + file + " must be a file, but is a folder", null);
        }
        Path existing = file.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        boolean isFile = existing != null && existing.equals(file.toAbsolutePath());
        if (existing != null && !isFile && !Files.isDirectory(existing)) {
            throw new CliException(
                    ExitCode.IO, option + " " + file + ": " + existing + " must be a folder, but is a file", null);
        }
        if (existing != null && !Files.isWritable(existing)) {
            throw new CliException(
                    ExitCode.IO, option + " " + file + ": permission to write to " + existing + " is denied", null);
        }
    }
}

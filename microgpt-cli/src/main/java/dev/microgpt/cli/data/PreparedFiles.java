package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the folder, written by {@code data prepare}, that {@code --data} names. */
public final class PreparedFiles {
    private PreparedFiles() {}

    public static boolean areIn(Path data) {
        return Files.exists(data.resolve("train.bin"));
    }

    /** Returns whether a folder is such a corpus and not one of text files: it has none of these itself. */
    public static boolean are(Path data) throws IOException {
        if (!areIn(data)) {
            return false;
        }
        try (DirectoryStream<Path> texts = Files.newDirectoryStream(data, TextSource.TEXT_FILES)) {
            return !texts.iterator().hasNext();
        }
    }

    /** Refuses an option that says how a text is read or divided. */
    public static void checkAbsent(String option, boolean given) {
        if (given) {
            throw new CliException(
                    ExitCode.USAGE,
                    option + " cannot be used together with data that is already prepared",
                    "give " + option + " to data prepare instead");
        }
    }

    public static PreparedCorpus open(Path folder) throws IOException {
        try {
            return PreparedCorpus.open(folder);
        } catch (DataException incomplete) {
            String hint = "microgpt data prepare makes all files of the folder from a text";
            throw new CliException(ExitCode.CONTENT, String.valueOf(incomplete.getMessage()), hint);
        }
    }
}

package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.read.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the folder, written by {@code data prepare}, that {@code --data} names. */
public final class PreparedFiles {
    private PreparedFiles() {}

    public static boolean areIn(Path data) {
        return Files.exists(data.resolve("train.bin"));
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

package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.TextSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads the documents that {@code --data} names. */
public final class DocumentFiles {
    private DocumentFiles() {}

    /** Reads a file, the {@code *.txt} files of a folder in order of name, standard input or the bundled names. */
    public static Documents read(@Nullable Path data) throws IOException {
        if (data == null) {
            return BundledNames.read();
        }
        checkNotPrepared(data);
        return Documents.read(StandardInput.textOf(data));
    }

    private static void checkNotPrepared(Path data) throws IOException {
        if (Files.exists(data.resolve("train.bin"))
                && TextSource.textFiles(data).isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--data " + data + " is a folder written by data prepare, which holds one text, not documents",
                    "add --format text");
        }
    }
}

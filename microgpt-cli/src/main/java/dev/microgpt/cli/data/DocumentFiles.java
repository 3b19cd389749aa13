package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
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

    /** Refuses a tokenizer without the token that each document begins with. */
    public static void checkBos(Tokenizer tokenizer) {
        if (tokenizer.bos() < 0) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--format documents needs a tokenizer with a special token for the beginning of a document,"
                            + " but this tokenizer has none",
                    "use --format text, or a tokenizer that has <|endoftext|>");
        }
    }

    private static void checkNotPrepared(Path data) throws IOException {
        if (PreparedFiles.areIn(data) && TextSource.textFiles(data).isEmpty()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--data " + data + " is a folder written by data prepare, which holds one text, not documents",
                    "add --format text");
        }
    }
}

package dev.microgpt.cli.data;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;

/** Documents that {@code --data} names, and what they need. */
public final class DocumentFiles {
    private DocumentFiles() {}

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

    /** Refuses a folder that holds one text. */
    public static void checkNotPrepared(Path data) throws IOException {
        if (PreparedFiles.are(data)) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--data " + data + " is a folder written by data prepare, which holds one text, not documents",
                    "add --format text");
        }
    }
}

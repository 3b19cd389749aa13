package dev.microgpt.cli;

import dev.microgpt.train.data.TextSource;
import java.io.IOException;
import java.nio.file.Path;

/** Standard input, which {@code --data} names by a dash. */
final class StandardInput {
    static final String NAME = "-";

    private StandardInput() {}

    static boolean isMeantBy(Path data) {
        return data.toString().equals(NAME);
    }

    /** Returns the text of a file, of a folder, or of standard input. */
    static TextSource textOf(Path data) throws IOException {
        return isMeantBy(data) ? TextSource.of(System.in, NAME) : TextSource.of(data);
    }
}

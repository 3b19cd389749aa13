package dev.microgpt.cli.option;

import dev.microgpt.train.data.read.RecordFormat;
import picocli.CommandLine.Option;

/** The option {@code --special-tokens} of commands that read data. */
public final class SpecialTokensOption {
    @Option(
            names = "--special-tokens",
            description = "Read special tokens that are written out in the text, such as <|endoftext|>, as these"
                    + " tokens; otherwise they are plain text.")
    private boolean given;

    public boolean isGiven() {
        return given;
    }

    /** Returns a format that reads special tokens if the option is given. */
    public RecordFormat applied(RecordFormat format) {
        return given ? format.withSpecialTokens() : format;
    }
}

package dev.microgpt.cli.option;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.TokenizerFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --tokenizer}. */
public final class TokenizerOption {
    @Option(
            names = "--tokenizer",
            paramLabel = "char|byte|FILE",
            description = "char: one token per character of the text; byte: one per byte; FILE: a tokenizer.json, for"
                    + " example from tokenizer train (default char).")
    private @Nullable Path tokenizer;

    boolean isGiven() {
        return tokenizer != null;
    }

    /** Returns the tokenizer, or null for one token per character, which depends on the text that is yet to be read. */
    @Nullable
    public Tokenizer read() throws IOException {
        if (tokenizer == null) {
            return null;
        }
        return switch (tokenizer.toString()) {
            case "char" -> null;
            case "byte" -> new ByteTokenizer();
            default -> TokenizerFile.read(tokenizer);
        };
    }
}

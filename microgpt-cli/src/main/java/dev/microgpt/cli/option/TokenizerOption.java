package dev.microgpt.cli.option;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.TokenizerFile;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What turns the text into tokens. */
public final class TokenizerOption {
    @Option(
            names = "--tokenizer",
            paramLabel = "char|byte|FILE",
            description = "A token for each character of the text, for each byte, or those of a tokenizer.json, such as"
                    + " tokenizer train makes (default char).")
    private @Nullable Path tokenizer;

    boolean isGiven() {
        return tokenizer != null;
    }

    /** Returns the tokenizer, or null for one of the characters of the text that is about to be read. */
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

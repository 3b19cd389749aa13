package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One long text as tokens, the end of it perhaps held back. */
public interface Corpus {
    /** {@return what made the tokens} */
    Tokenizer tokenizer();

    /** {@return the tokens to train on, for a {@link TextBatcher}} */
    Tokens training();

    /** {@return the tokens that are held back, for {@link TextWindows}; null if there are none} */
    @Nullable
    Tokens validation();

    /**
     * Counts the bytes of UTF-8 that the targets of {@link TextWindows} over the validation text stand for.
     *
     * @return those of the text without its first token, which is no target; 0 if nothing is held back
     */
    long validationBytes();

    /**
     * Returns what tells this corpus from others, computed when it is first asked for, by any thread.
     *
     * @return a SHA-256, 64 lower-case hexadecimal digits
     * @throws IOException if the corpus cannot be read
     */
    String sha256() throws IOException;
}

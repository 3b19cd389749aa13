package dev.microgpt.model.generate;

import java.util.Locale;

/**
 * A text that a {@link TextGenerator} generated.
 *
 * @param text   the new text, without the prompt
 * @param tokens the number of tokens that were generated for it, with those of a stop string
 * @param ending why it ended
 */
public record GeneratedText(String text, int tokens, Ending ending) {
    /** Why a text ended. */
    public enum Ending {
        /** The model ended it, with a BOS token. */
        BOS,

        /** A stop string would have followed. */
        STOP,

        /** It reached a limit of its length, or the end of the block. */
        LENGTH;

        /** {@return the name in files, such as {@code length}} */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}

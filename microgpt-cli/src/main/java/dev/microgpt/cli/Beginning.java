package dev.microgpt.cli;

import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.DataFormat;

/** The tokens that a generated text begins with. */
final class Beginning {
    private static final String NEW_LINE = "\n";

    private Beginning() {}

    /**
     * Returns the tokens before the first one that is generated.
     *
     * <p>A model of documents has learnt how they begin. One of a text has not; without a prompt it begins on a new line,
     * as nanoGPT's does, or with the first character it knows.
     *
     * @throws IllegalArgumentException if the vocabulary lacks a character of the prompt
     */
    static int[] of(DataFormat format, CharTokenizer tokenizer, String prompt) {
        int[] ids = tokenizer.encode(prompt);
        if (format == DataFormat.DOCUMENTS) {
            int[] start = new int[ids.length + 1];
            start[0] = tokenizer.bos();
            System.arraycopy(ids, 0, start, 1, ids.length);
            return start;
        }
        if (ids.length > 0) {
            return ids;
        }
        String alphabet = tokenizer.alphabet();
        return tokenizer.encode(
                alphabet.contains(NEW_LINE) ? NEW_LINE : alphabet.substring(0, alphabet.offsetByCodePoints(0, 1)));
    }
}

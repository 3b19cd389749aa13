package dev.microgpt.cli.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.DataFormat;

/** The tokens that a generated text begins with. */
public final class Beginning {
    private static final String NEW_LINE = "\n";

    private Beginning() {}

    /**
     * Returns the tokens before the first one that is generated.
     *
     * <p>A model of documents has learnt how they begin. One of a text has not; without a prompt it begins on a new
     * line, as nanoGPT's does, or with the first token it knows.
     *
     * @throws IllegalArgumentException if the vocabulary lacks a character of the prompt
     */
    public static int[] of(DataFormat format, Tokenizer tokenizer, String prompt) {
        int[] ids = tokenizer.encode(prompt);
        if (format == DataFormat.DOCUMENTS) {
            int[] start = new int[ids.length + 1];
            start[0] = tokenizer.bos();
            System.arraycopy(ids, 0, start, 1, ids.length);
            return start;
        }
        return ids.length > 0 ? ids : newLine(tokenizer);
    }

    private static int[] newLine(Tokenizer tokenizer) {
        try {
            return tokenizer.encode(NEW_LINE);
        } catch (IllegalArgumentException unknown) {
            return new int[] {tokenizer.bos() == 0 ? 1 : 0};
        }
    }
}

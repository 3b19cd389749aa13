package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;

/** The form of training data, which also decides how generated text begins. */
public enum DataFormat {
    /** One document per line, each a sequence of its own between two beginning-of-sequence tokens, as in microgpt. */
    DOCUMENTS("documents"),

    /** One long text, of which each step sees random crops, as in nanoGPT. */
    TEXT("text");

    private final String label;

    DataFormat(String label) {
        this.label = label;
    }

    /**
     * Returns the tokens to generate from, for a model that was trained on data of this form.
     *
     * <p>A document begins with BOS, which the prompt follows. A text may begin anywhere: the tokens are those of the
     * prompt alone, and without one a line feed, as in nanoGPT, or the first token if the vocabulary has no line feed.
     *
     * @param tokenizer the tokenizer of the model
     * @param prompt    the beginning of the text to generate; may be empty
     * @return the tokens, at least one
     * @throws IllegalArgumentException if the vocabulary lacks a character of the prompt
     */
    public int[] promptTokens(Tokenizer tokenizer, String prompt) {
        return promptTokens(tokenizer, tokenizer.encode(prompt));
    }

    /**
     * Returns the tokens to generate from after a prompt that is already encoded, as with
     * {@link dev.microgpt.model.tokenizer.SpecialTokens}.
     *
     * @param tokenizer the tokenizer of the model
     * @param ids       the tokens of the prompt; may be empty; not modified
     * @return the tokens, at least one; a document whose prompt begins with BOS does not get another one
     */
    public int[] promptTokens(Tokenizer tokenizer, int... ids) {
        if (this == DOCUMENTS && (ids.length == 0 || ids[0] != tokenizer.bos())) {
            int[] tokens = new int[ids.length + 1];
            tokens[0] = tokenizer.bos();
            System.arraycopy(ids, 0, tokens, 1, ids.length);
            return tokens;
        }
        return ids.length > 0 ? ids : lineFeed(tokenizer);
    }

    private static int[] lineFeed(Tokenizer tokenizer) {
        try {
            return tokenizer.encode("\n");
        } catch (IllegalArgumentException unknown) {
            return new int[] {tokenizer.bos() == 0 ? 1 : 0};
        }
    }

    /** {@return the name in configuration and files, such as {@code documents}} */
    @Override
    public String toString() {
        return label;
    }
}

package dev.microgpt.train;

/** Hears how a model predicts each token of a text, see {@link Evaluator#evaluate(int, TokenScoreListener)}. */
@FunctionalInterface
public interface TokenScoreListener {
    /**
     * Called for every target, in the order of the text.
     *
     * @param token the target
     */
    void onToken(TokenScore token);
}

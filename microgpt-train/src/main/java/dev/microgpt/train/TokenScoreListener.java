package dev.microgpt.train;

/** Receives the model's prediction of each token, see {@link Evaluator#evaluate(int, TokenScoreListener)}. */
@FunctionalInterface
public interface TokenScoreListener {
    /**
     * Called for every target, in the order of the data.
     *
     * @param token the prediction of the target
     */
    void onToken(TokenScore token);
}

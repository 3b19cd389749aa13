package dev.microgpt.train;

/**
 * The result of evaluating a model on held-out data.
 *
 * @param step   the number of training steps before the evaluation
 * @param loss   the mean cross-entropy over all targets, in nats
 * @param tokens the number of targets
 * @param bytes  the number of UTF-8 bytes of text that the targets stand for
 * @param best   whether the loss is lower than that of the best model so far
 */
public record Evaluation(int step, double loss, long tokens, long bytes, boolean best) {
    /** {@return {@code exp(loss)}: the number of equally likely tokens that would be as hard to predict} */
    public double perplexity() {
        return StrictMath.exp(loss);
    }

    /** {@return the loss in bits: {@code loss / ln 2}} */
    public double bitsPerToken() {
        return loss / StrictMath.log(2);
    }

    /** {@return the loss in bits per byte of text, which models with different tokenizers can be compared by} */
    public double bitsPerByte() {
        return bitsPerToken() * tokens / bytes;
    }
}

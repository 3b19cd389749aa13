package dev.microgpt.train;

/**
 * How well a model predicts text that it is not trained on.
 *
 * @param step   after how many steps
 * @param loss   the mean cross-entropy of all its targets, in nats
 * @param tokens how many targets there were
 * @param bytes  how many bytes of UTF-8 text these targets stand for
 * @param best   whether the loss is lower than that of every evaluation before
 */
public record Evaluation(int step, double loss, long tokens, long bytes, boolean best) {
    /** {@return {@code exp(loss)}: among how many equally likely tokens the model would be as uncertain} */
    public double perplexity() {
        return StrictMath.exp(loss);
    }

    /** {@return the information that the model lacks to know a token, in bits} */
    public double bitsPerToken() {
        return loss / StrictMath.log(2);
    }

    /** {@return the same for each byte of text, which can be compared between tokenizers} */
    public double bitsPerByte() {
        return bitsPerToken() * tokens / bytes;
    }
}

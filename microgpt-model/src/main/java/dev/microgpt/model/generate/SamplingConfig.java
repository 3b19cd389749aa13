package dev.microgpt.model.generate;

/**
 * The settings for sampling the next token from the logits of a model. They apply in this order:
 *
 * <ol>
 *   <li>Logits are divided by the temperature.
 *   <li>Top-k keeps the tokens whose logits are at least the k-th highest; ties with it are all kept.
 *   <li>The softmax of the remaining logits gives probabilities.
 *   <li>Top-p, or nucleus sampling, keeps the smallest set of most likely tokens whose probabilities add up to at least
 *       p, and at least one token. Ties are broken by the lower id.
 *   <li>One of the remaining tokens is drawn with its renormalized probability.
 * </ol>
 *
 * @param temperature below 1 makes likely tokens likelier, 1 keeps the model's distribution; 0 always takes the most
 *     likely token (the one with the lowest id on a tie) and ignores the other two settings
 * @param topK the number of highest logits to keep, at least 1; {@link #ALL_TOKENS} for all
 * @param topP the total probability to keep, above 0 and at most 1; {@link #ALL_PROBABILITY} for all
 * @see <a href="https://arxiv.org/abs/1805.04833">Fan, Lewis and Dauphin, Hierarchical Neural Story Generation,
 *     2018</a>, for top-k
 * @see <a href="https://arxiv.org/abs/1904.09751">Holtzman et al., The Curious Case of Neural Text Degeneration,
 *     2019</a>, for top-p
 */
public record SamplingConfig(double temperature, int topK, double topP) {
    /** The temperature of microgpt.py. */
    public static final double MICROGPT_TEMPERATURE = 0.5;

    /** The {@link #topK()} that keeps all tokens of any vocabulary. */
    public static final int ALL_TOKENS = Integer.MAX_VALUE;

    /** The {@link #topP()} that keeps all tokens. */
    public static final double ALL_PROBABILITY = 1.0;

    /**
     * Creates settings.
     *
     * @param temperature at least 0 and finite
     * @param topK        at least 1
     * @param topP        above 0 and at most 1
     * @throws IllegalArgumentException if a number is out of range or NaN
     */
    public SamplingConfig {
        if (!(temperature >= 0) || temperature == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "temperature is " + temperature + ", but must be 0 (always the most likely token) or more");
        }
        if (topK < 1) {
            throw new IllegalArgumentException("top-k is " + topK + ", but must be 1 (the most likely token) or more");
        }
        if (!(topP > 0 && topP <= ALL_PROBABILITY)) {
            throw new IllegalArgumentException("top-p is " + topP + ", but must be above 0 and at most 1 (all tokens)");
        }
    }

    /**
     * Returns settings without top-k and top-p.
     *
     * @param temperature at least 0 and finite
     * @return settings that keep all tokens
     * @throws IllegalArgumentException if the temperature is negative, NaN or infinite
     */
    public static SamplingConfig ofTemperature(double temperature) {
        return new SamplingConfig(temperature, ALL_TOKENS, ALL_PROBABILITY);
    }
}

package dev.microgpt.model.generate;

/**
 * How the next token is chosen from the scores of a model, in this order:
 *
 * <ol>
 *   <li>scores are divided by the temperature;
 *   <li>top-k leaves those that are at least the k-th highest, which are more than k if several are equal to it;
 *   <li>the softmax of what is left gives probabilities;
 *   <li>top-p leaves the fewest most likely tokens whose probabilities, added up from the highest down, make at least p,
 *       and never less than one token. Of equally likely tokens those with lower ids come first;
 *   <li>one of what is left is drawn, each as likely as its share of what is left.
 * </ol>
 *
 * @param temperature below 1 likely tokens become likelier, at 1 the model's own probabilities hold; 0 always takes the
 *     most likely token, of several the one with the lowest id, whatever the other two say
 * @param topK how many of the highest scores are kept, at least 1; {@link #ALL_TOKENS} for all
 * @param topP how much of the probability is kept, above 0 and at most 1; 1 for all
 * @see <a href="https://arxiv.org/abs/1805.04833">Fan et al., Hierarchical Neural Story Generation, 2018</a>, for top-k
 * @see <a href="https://arxiv.org/abs/1904.09751">Holtzman et al., The Curious Case of Neural Text Degeneration,
 *     2020</a>, for top-p
 */
public record SamplingConfig(double temperature, int topK, double topP) {
    /** The {@link #topK()} that leaves out no token of any vocabulary. */
    public static final int ALL_TOKENS = Integer.MAX_VALUE;

    /** The {@link #topP()} that leaves out no token. */
    public static final double ALL_PROBABILITY = 1.0;

    /**
     * Checks the numbers.
     *
     * @param temperature see above
     * @param topK see above
     * @param topP see above
     * @throws IllegalArgumentException if a number is out of range or NaN, or the temperature infinite
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
     * Returns the choice among all tokens.
     *
     * @param temperature see above
     * @return without top-k and top-p
     * @throws IllegalArgumentException if the temperature is negative, NaN or infinite
     */
    public static SamplingConfig ofTemperature(double temperature) {
        return new SamplingConfig(temperature, ALL_TOKENS, ALL_PROBABILITY);
    }
}

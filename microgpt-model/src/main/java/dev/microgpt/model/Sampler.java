package dev.microgpt.model;

import dev.microgpt.autograd.Kernels;

/**
 * Chooses the next token from the scores of a model, with probabilities {@code softmax(logits / temperature)}.
 *
 * <p>Not thread-safe: it keeps the arrays it works in.
 */
public final class Sampler {
    private final double temperature;
    private double[] scaled = {};
    private double[] p = {};

    /**
     * Creates a sampler.
     *
     * @param temperature above 0; below 1 likely tokens become likelier, at 1 the model's own probabilities hold; 0
     *     always takes the most likely token, of several the one with the lowest id
     * @throws IllegalArgumentException if the temperature is negative, NaN or infinite
     */
    public Sampler(double temperature) {
        if (!(temperature >= 0) || temperature == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "temperature is " + temperature + ", but must be 0 (always the most likely token) or more");
        }
        this.temperature = temperature;
    }

    /**
     * Chooses one token.
     *
     * @param logits where the scores are
     * @param offset index of the score of token 0
     * @param n      the number of tokens
     * @param random one number is drawn from it, unless the temperature is 0
     * @return the chosen token, from 0 to {@code n − 1}
     * @throws IllegalArgumentException if a score is NaN or positive infinity, or none is finite
     */
    public int next(double[] logits, int offset, int n, PythonRandom random) {
        int best = mostLikely(logits, offset, n);
        if (temperature == 0) {
            return best;
        }
        if (p.length < n) {
            scaled = new double[n];
            p = new double[n];
        }
        double max = logits[offset + best];
        double inverse = Math.min(1.0 / temperature, Double.MAX_VALUE); // finite, so that 0 · inverse is 0
        for (int i = 0; i < n; i++) {
            scaled[i] = (logits[offset + i] - max) * inverse;
        }
        Kernels.active().softmax(scaled, 0, p, 0, n);
        return random.choices(p, n);
    }

    /** Returns the first token of the highest score, and refuses scores that no working model gives. */
    private static int mostLikely(double[] logits, int offset, int n) {
        int best = 0;
        for (int i = 0; i < n; i++) {
            double logit = logits[offset + i];
            if (Double.isNaN(logit) || logit == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException(
                        "sample: the score of token " + i + " is " + logit + "; the model is broken");
            }
            if (logit > logits[offset + best]) {
                best = i;
            }
        }
        if (logits[offset + best] == Double.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "sample: the scores of all " + n + " tokens are -Infinity; at least one must be finite");
        }
        return best;
    }
}

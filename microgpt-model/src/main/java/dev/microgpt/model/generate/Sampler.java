package dev.microgpt.model.generate;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.model.random.PythonRandom;
import java.util.Objects;

/**
 * Chooses the next token from the scores of a model, as a {@link SamplingConfig} says: with probabilities
 * {@code softmax(logits / temperature)}, or with what top-k and top-p leave of them.
 *
 * <p>Not thread-safe: it keeps the arrays it works in.
 */
public final class Sampler {
    private final SamplingConfig config;
    private final Ranking ranking = new Ranking();
    private double[] scaled = {};
    private double[] p = {};

    /**
     * Creates a sampler that chooses among all tokens.
     *
     * @param temperature above 0; below 1 likely tokens become likelier, at 1 the model's own probabilities hold; 0
     *     always takes the most likely token, of several the one with the lowest id
     * @throws IllegalArgumentException if the temperature is negative, NaN or infinite
     */
    public Sampler(double temperature) {
        this(SamplingConfig.ofTemperature(temperature));
    }

    /**
     * Creates a sampler.
     *
     * @param config how it chooses
     */
    public Sampler(SamplingConfig config) {
        this.config = Objects.requireNonNull(config, "sampler: config is null");
    }

    /**
     * Chooses one token.
     *
     * @param logits where the scores are
     * @param offset index of the score of token 0
     * @param n      the number of tokens
     * @param random one number is drawn from it, unless the temperature is 0
     * @return the chosen token, from 0 to {@code n − 1}
     * @throws IllegalArgumentException if a score is NaN or positive infinity, or none is finite, or if there are not
     *     {@code n} of them
     */
    public int next(double[] logits, int offset, int n, PythonRandom random) {
        if (n < 1 || offset < 0 || n > logits.length - offset) {
            throw new IllegalArgumentException("sample: found " + n + " scores from index " + offset + " of "
                    + logits.length + ", expected at least 1, and all of them in the array");
        }
        int best = mostLikely(logits, offset, n);
        if (config.temperature() == 0) {
            return best;
        }
        return random.choices(weights(logits, offset, n, logits[offset + best]), n);
    }

    /**
     * Returns how likely each token is, in an array that the next call overwrites. With top-p the numbers add up to what
     * it left, not to 1.
     *
     * @param max the highest score
     */
    double[] weights(double[] logits, int offset, int n, double max) {
        if (p.length < n) {
            scaled = new double[n];
            p = new double[n];
        }
        double inverse = Math.min(1.0 / config.temperature(), Double.MAX_VALUE); // finite, so that 0 · inverse is 0
        for (int i = 0; i < n; i++) {
            scaled[i] = (logits[offset + i] - max) * inverse;
        }
        if (config.topK() < n) {
            keepHighest(n);
        }
        Kernels.active().softmax(scaled, 0, p, 0, n);
        if (config.topP() < SamplingConfig.ALL_PROBABILITY) {
            keepMostLikely(n);
        }
        return p;
    }

    /** Top-k: what is below the k-th highest score becomes impossible. */
    private void keepHighest(int n) {
        ranking.start(scaled, n, Double.NEGATIVE_INFINITY);
        if (ranking.size() <= config.topK()) {
            return; // the others are impossible already
        }
        double threshold = 0;
        for (int rank = 0; rank < config.topK(); rank++) {
            threshold = scaled[ranking.next()];
        }
        for (int i = 0; i < n; i++) {
            if (scaled[i] < threshold) {
                scaled[i] = Double.NEGATIVE_INFINITY;
            }
        }
    }

    /** Top-p: what comes after the tokens that make p together gets no probability. */
    private void keepMostLikely(int n) {
        ranking.start(p, n, 0);
        double sum = 0;
        int last = -1;
        while (ranking.size() > 0 && sum < config.topP()) {
            last = ranking.next();
            sum += p[last];
        }
        double least = p[last];
        for (int i = 0; i < n; i++) {
            if (p[i] < least || p[i] == least && i > last) {
                p[i] = 0;
            }
        }
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

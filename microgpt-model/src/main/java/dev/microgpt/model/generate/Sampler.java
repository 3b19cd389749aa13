package dev.microgpt.model.generate;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.model.random.PythonRandom;
import java.util.Arrays;
import java.util.Objects;

/**
 * Samples the next token from the logits of a model: from {@code softmax(logits / temperature)}, truncated by the top-k
 * and top-p of a {@link SamplingConfig}.
 *
 * <p>Its arrays are reused, so {@link #next} is confined to one thread. Generators in several threads may be created
 * with one sampler, because each uses a sampler of its own with the same configuration.
 */
public final class Sampler {
    private final SamplingConfig config;
    private final Ranking ranking = new Ranking();
    private double[] scaled = {};
    private double[] p = {};

    /**
     * Creates a sampler without top-k and top-p.
     *
     * @param temperature as in {@link SamplingConfig}: 1 samples from the model's own distribution, 0 always takes the
     *     most likely token
     * @throws IllegalArgumentException if the temperature is negative, NaN or infinite
     */
    public Sampler(double temperature) {
        this(SamplingConfig.ofTemperature(temperature));
    }

    /**
     * Creates a sampler.
     *
     * @param config temperature, top-k and top-p
     */
    public Sampler(SamplingConfig config) {
        this.config = Objects.requireNonNull(config, "sampler: config is null");
    }

    /** {@return temperature, top-k and top-p} */
    public SamplingConfig config() {
        return config;
    }

    /**
     * Samples one token.
     *
     * @param logits an array that contains the logits; not modified
     * @param offset the index of the logit of token 0
     * @param n      the number of tokens
     * @param random one number is drawn from it, unless the temperature is 0
     * @return the token, from 0 to {@code n − 1}
     * @throws IllegalArgumentException if a logit is NaN or positive infinity, none is finite, or the array has fewer
     *     than {@code n} logits from {@code offset}
     */
    public int next(double[] logits, int offset, int n, PythonRandom random) {
        int best = mostLikely(logits, offset, n);
        if (config.temperature() == 0) {
            return best;
        }
        return random.choices(weights(logits, offset, n, logits[offset + best]), n);
    }

    /**
     * Returns the probabilities that {@link #next} draws from.
     *
     * @param logits an array that contains the logits; not modified
     * @param offset the index of the logit of token 0
     * @param n      the number of tokens
     * @return a new array of {@code n} weights: 0 for a token that top-k or top-p excludes; with top-p the others are
     *     not normalized again. At temperature 0, 1 for the most likely token
     * @throws IllegalArgumentException as {@link #next}
     */
    public double[] probabilities(double[] logits, int offset, int n) {
        int best = mostLikely(logits, offset, n);
        if (config.temperature() > 0) {
            return Arrays.copyOf(weights(logits, offset, n, logits[offset + best]), n);
        }
        double[] certain = new double[n];
        certain[best] = 1;
        return certain;
    }

    /**
     * Returns the weight of each token, in an array that the next call overwrites. With top-p, the weights of the
     * tokens left are not normalized again and add up to less than 1.
     *
     * @param max the highest logit
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

    /** Top-k: excludes the tokens whose logits are below the k-th highest. */
    private void keepHighest(int n) {
        ranking.start(scaled, n, Double.NEGATIVE_INFINITY);
        if (ranking.size() <= config.topK()) {
            return; // the others have probability 0 already
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

    /** Top-p: excludes the tokens after the most likely ones whose probabilities reach p. */
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

    /** Returns the first token of the highest logit; rejects logits that only a broken model computes. */
    static int mostLikely(double[] logits, int offset, int n) {
        if (n < 1 || offset < 0 || n > logits.length - offset) {
            throw new IllegalArgumentException("sample: " + n + " logits from index " + offset + " of an array of "
                    + logits.length + "; there must be at least 1, all of them in the array");
        }
        int best = 0;
        for (int i = 0; i < n; i++) {
            double logit = logits[offset + i];
            if (Double.isNaN(logit) || logit == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("sample: the logit of token " + i + " is " + logit
                        + ", but must be finite or -Infinity; the model has diverged or its weights are damaged");
            }
            if (logit > logits[offset + best]) {
                best = i;
            }
        }
        if (logits[offset + best] == Double.NEGATIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "sample: the logits of all " + n + " tokens are -Infinity; at least one must be finite");
        }
        return best;
    }
}

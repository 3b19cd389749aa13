package dev.microgpt.train;

/**
 * How a model is trained; refuses, by an {@link IllegalArgumentException}, a number out of range.
 *
 * @param steps        the number of updates of the whole run, at least 1
 * @param batchSize    the number of documents a step, at least 1
 * @param learningRate the rate of the first step, positive; it falls along a line to 0
 * @param beta1        see {@link Adam}
 * @param beta2        see {@link Adam}
 * @param adamEps      see {@link Adam}
 * @param seed         what shuffle and first weights are drawn with, read as an unsigned number
 */
public record TrainingConfig(
        int steps, int batchSize, double learningRate, double beta1, double beta2, double adamEps, long seed) {
    /**
     * Checks the numbers.
     *
     * @param steps see above
     * @param batchSize see above
     * @param learningRate see above
     * @param beta1 see above
     * @param beta2 see above
     * @param adamEps see above
     * @param seed see above
     * @throws IllegalArgumentException if one is out of range
     */
    public TrainingConfig {
        atLeastOne("steps", steps);
        atLeastOne("batch-size", batchSize);
        positive("learning-rate", learningRate);
        fraction("beta1", beta1);
        fraction("beta2", beta2);
        positive("adam-eps", adamEps);
    }

    /**
     * Returns microgpt's training: 1,000 steps of one document, rate 0.01, betas 0.85 and 0.99, seed 42.
     *
     * @return the configuration
     */
    public static TrainingConfig microgpt() {
        return new TrainingConfig(1000, 1, 0.01, 0.85, 0.99, 1e-8, 42);
    }

    static void atLeastOne(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least 1");
        }
    }

    static void positive(String name, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be positive and finite");
        }
    }

    static void fraction(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least 0 and below 1");
        }
    }
}

package dev.microgpt.train;

import dev.microgpt.train.internal.Checks;

/**
 * The hyperparameters of {@link Adam}.
 *
 * @param beta1       decay rate of the gradient average, from 0 to below 1 (0.85 in microgpt)
 * @param beta2       decay rate of the average of squared gradients, from 0 to below 1 (0.99 in microgpt)
 * @param eps         added to the square root in the denominator, in units of the gradient, positive (1e-8 in microgpt)
 * @param weightDecay decoupled weight decay of matrices and tables, relative to the learning rate, at least 0 (0 in
 *     microgpt, 0.1 in nanoGPT)
 */
public record AdamConfig(double beta1, double beta2, double eps, double weightDecay) {
    /**
     * Checks the ranges.
     *
     * @param beta1       at least 0 and below 1
     * @param beta2       at least 0 and below 1
     * @param eps         positive and finite
     * @param weightDecay finite and at least 0
     * @throws IllegalArgumentException if a number is out of range
     */
    public AdamConfig {
        Checks.fraction("beta1", beta1);
        Checks.fraction("beta2", beta2);
        Checks.positive("adam eps", eps);
        Checks.notNegative("weight decay", weightDecay);
    }
}

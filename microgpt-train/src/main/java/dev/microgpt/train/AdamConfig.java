package dev.microgpt.train;

import dev.microgpt.train.internal.Checks;

/**
 * The numbers of {@link Adam}; refuses, by an {@link IllegalArgumentException}, one out of range.
 *
 * @param beta1       how slowly the mean of the gradients forgets, from 0 to below 1 (0.85 in microgpt)
 * @param beta2       how slowly the mean of their squares forgets, from 0 to below 1 (0.99 in microgpt)
 * @param eps         added to the root, in units of the gradient, positive (1e-8 in microgpt)
 * @param weightDecay what matrices and tables lose in an update, as a multiple of the learning rate and of themselves;
 *     at least 0 (none in microgpt, 0.1 in nanoGPT)
 */
public record AdamConfig(double beta1, double beta2, double eps, double weightDecay) {
    /**
     * Checks the numbers.
     *
     * @param beta1 see above
     * @param beta2 see above
     * @param eps see above
     * @param weightDecay see above
     * @throws IllegalArgumentException if one is out of range
     */
    public AdamConfig {
        Checks.fraction("beta1", beta1);
        Checks.fraction("beta2", beta2);
        Checks.positive("adam eps", eps);
        Checks.notNegative("weight decay", weightDecay);
    }
}

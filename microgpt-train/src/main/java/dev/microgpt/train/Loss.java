package dev.microgpt.train;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;

/** The loss that a {@link Trainer} minimizes, on the thread that trains; its default is the cross-entropy. */
@FunctionalInterface
public interface Loss {
    /**
     * Computes the loss of one batch, as a part of the mean over all targets of the step.
     *
     * @param tape        records the operations, through which the gradient is computed
     * @param logits      unnormalized log-probabilities, shape {@code (T, V)}: a row for each target, a column for each
     *     token
     * @param batch       the batch, with T targets
     * @param denominator the divisor of the sum over the targets: their number in the whole step, at least T
     * @return a scalar; the sum over the batches of a step is its loss
     */
    Tensor of(Tape tape, Tensor logits, Batch batch, long denominator);
}

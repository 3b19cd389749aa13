package dev.microgpt.train;

import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import java.util.List;

/**
 * Compute the gradients of the micro-batches of a step, for example on other machines.
 *
 * <p>Each gradient is that of the cross-entropy of one micro-batch, computed alone from zeros with the present weights
 * and {@link dev.microgpt.autograd.op.CrossEntropy}; then all are added to those of the parameters, element by element,
 * in the order of the micro-batches. This is what a {@link Trainer} with {@linkplain TrainingConfig#separateGradients
 * separate gradients} does itself, so the bits do not depend on who computes which, or how often.
 */
public interface GradientWorkers {
    /**
     * Adds the gradients of all micro-batches to {@link dev.microgpt.autograd.Parameter#grad} of the parameters of the
     * model, whose weights stay as they are until this method returns.
     *
     * @param model        the model
     * @param microBatches the micro-batches, at least one, with targets and random numbers
     * @param denominator  the number of targets that the sum of the losses is divided by
     * @return the sum of their contributions to the mean loss, in order, from +0.0; in nats
     */
    double addGradients(LanguageModel model, List<Batch> microBatches, long denominator);
}

package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Updates parameters by their gradients.
 *
 * <p>A run can be saved in a {@link dev.microgpt.train.checkpoint.Checkpoint} and resumed, bit for bit, if its
 * optimizer has a {@link #type} and its next update depends on nothing but the gradients, the learning rate,
 * {@link #updates}, {@link #state}, and what its type creates it from.
 */
public interface Optimizer {
    /**
     * Updates the parameters once by their current gradients, which it does not modify.
     *
     * <p>An implementation should throw {@link TrainingDivergedException#inUpdate} if a parameter or a number of its
     * own state is NaN or infinite after the update. What it misses shows in the loss or the gradients of the next
     * step, or when a checkpoint is saved.
     *
     * <p>A {@link Trainer} keeps other threads from saving, evaluating or training the model meanwhile. An
     * implementation that is also called without one should mark its update with
     * {@link dev.microgpt.autograd.ParameterUpdates}.
     *
     * @param learningRate the learning rate of this update, at least 0; at 0 no parameter changes
     */
    void step(double learningRate);

    /** {@return the parameters that this optimizer updates, without duplicates, always in the same order} */
    List<Parameter> parameters();

    /** {@return the number of updates made, 0 before the first} */
    int updates();

    /**
     * Resumes after the given number of updates; the caller restores the numbers in the arrays of {@link #state}.
     *
     * @param updates the number of updates that were made, at least 0
     * @throws IllegalArgumentException if the number is negative
     */
    void resumeAt(int updates);

    /**
     * Returns the numbers that the next update depends on, such as moments, by the name of the state; empty by default.
     *
     * @return for each name, of letters, digits and underscores, one array per parameter, in the order of
     *     {@link #parameters}: the live arrays, not copies, of constant lengths. An array as long as the parameter is
     *     saved with its shape, and one of any other length, at least 1, as a vector
     */
    default Map<String, List<double[]>> state() {
        return Map.of();
    }

    /**
     * Returns what names this optimizer in a checkpoint, and creates it when a run is resumed.
     *
     * @return null, the default, if it has no name; a checkpoint of it is then refused
     */
    default @Nullable OptimizerType type() {
        return null;
    }
}

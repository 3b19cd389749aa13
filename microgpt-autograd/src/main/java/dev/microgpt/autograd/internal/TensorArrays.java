package dev.microgpt.autograd.internal;

import dev.microgpt.autograd.Tensor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges the arrays of a tensor that is on no tape, which its public API does not allow.
 *
 * <p>The gradient check gives a function other arrays than the caller's, so that it can fill them.
 */
public abstract class TensorArrays {
    private static @Nullable TensorArrays access;

    /** Called once, by {@code Tensor}, whose fields are private. */
    public static void set(TensorArrays ofTensor) {
        access = ofTensor;
    }

    /** {@return the access to the arrays; a tensor must exist already} */
    public static TensorArrays access() {
        return Objects.requireNonNull(access);
    }

    /** Returns whether the tensor belongs to no tape: a parameter or a constant. */
    public abstract boolean areOwn(Tensor tensor);

    /**
     * Gives a tensor other arrays.
     *
     * @param tensor a tensor that is on no tape
     * @param data   the values, at least as many as the shape has
     * @param grad   the gradient, or null if the tensor has none
     * @return restores the previous arrays
     */
    public abstract Runnable replace(Tensor tensor, double[] data, double @Nullable [] grad);
}

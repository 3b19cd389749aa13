package dev.microgpt.autograd;

/**
 * Is shown the tensors at the named points of a model while it runs, and may put another one in their place: to read
 * activations, to remove a part and see what changes, or to patch in what the model computed for another input.
 *
 * <pre>{@code
 * tape.addHook((on, point, x) -> point.equals("layer0.mlp_out") ? on.scale(x, 0.5) : x);
 * }</pre>
 *
 * <p>A layer names a point with {@link Tape#point}. A hook is called by the thread that uses the tape, in the order of
 * the forward pass; a tensor is valid until {@link Tape#reset()}. What it throws propagates to the caller of the model.
 */
@FunctionalInterface
public interface Hook {
    /**
     * Returns what the model continues with.
     *
     * @param tape  the tape on which the model runs; operations may be applied to it
     * @param point the name of the point, such as {@code layer0.attn_q}
     * @param x     the tensor at this point, or what an earlier hook put in its place; not to be modified
     * @return {@code x}, or a tensor of the same shape: computed on this tape, or a constant, through which no gradient
     *     flows
     */
    Tensor at(Tape tape, String point, Tensor x);
}

/**
 * The differentiable operations, one class each, with {@code forward} directly above {@code backward}.
 *
 * <p>Those of single elements are in {@link dev.microgpt.autograd.op.element}, sums and other reductions in
 * {@link dev.microgpt.autograd.op.reduce}, slices and others that only move elements in
 * {@link dev.microgpt.autograd.op.shape}.
 *
 * <p>They use only the public interface, so an operation of your own can do everything they do. The entry point is
 * {@link dev.microgpt.autograd.op.RmsNorm}. Read on in this order: {@link dev.microgpt.autograd.op.element.Relu} (a
 * function of single elements), {@link dev.microgpt.autograd.op.Linear} (matrix products and several inputs),
 * {@link dev.microgpt.autograd.op.CrossEntropy} (the loss), {@link dev.microgpt.autograd.op.CausalAttention} (the
 * longest).
 *
 * <p>Notation: {@code T} is the number of rows, the tokens of a packed batch; {@code C} the number of channels;
 * {@code V} the size of the vocabulary. {@code dx} is the gradient of the loss with respect to {@code x}.
 */
@NullMarked
package dev.microgpt.autograd.op;

import org.jspecify.annotations.NullMarked;

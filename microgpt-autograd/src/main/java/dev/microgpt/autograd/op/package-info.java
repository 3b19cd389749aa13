/**
 * The differentiable operations, one class each, with {@code forward} directly above {@code backward}.
 *
 * <p>They use nothing that an operation of your own cannot use. {@link dev.microgpt.autograd.op.RmsNorm} is the one to
 * read first; {@link dev.microgpt.autograd.op.CausalAttention} is the longest.
 *
 * <p>Letters: {@code T} rows of a packed batch (its tokens), {@code C} channels, {@code V} symbols of the vocabulary.
 * The gradient of the loss with respect to {@code x} is called {@code dx}.
 */
@NullMarked
package dev.microgpt.autograd.op;

import org.jspecify.annotations.NullMarked;

/**
 * The differentiable operations, one class each, with {@code forward} directly above {@code backward}.
 *
 * <p>They use nothing that an operation of your own cannot use. The entry point is
 * {@link dev.microgpt.autograd.op.RmsNorm}. Read on in this order: {@link dev.microgpt.autograd.op.Linear} (two inputs, and
 * products), {@link dev.microgpt.autograd.op.CrossEntropy} (the loss), {@link dev.microgpt.autograd.op.CausalAttention} (the
 * longest); the others as they are needed.
 *
 * <p>Letters: {@code T} rows of a packed batch (its tokens), {@code C} channels, {@code V} symbols of the vocabulary.
 * The gradient of the loss with respect to {@code x} is called {@code dx}.
 */
@NullMarked
package dev.microgpt.autograd.op;

import org.jspecify.annotations.NullMarked;

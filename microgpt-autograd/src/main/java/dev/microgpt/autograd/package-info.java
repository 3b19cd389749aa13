/**
 * Reverse-mode automatic differentiation of whole tensors.
 *
 * <p>The entry point is {@link dev.microgpt.autograd.Tape}; {@link dev.microgpt.autograd.Operations}, which it
 * implements, lists everything a tape can compute. Read on in this order: {@link dev.microgpt.autograd.Tensor} and
 * {@link dev.microgpt.autograd.Parameter} (the data), {@link dev.microgpt.autograd.Op} (the contract of an operation)
 * with its base classes {@link dev.microgpt.autograd.RowOp} and {@link dev.microgpt.autograd.ElementOp}, the operations
 * in {@link dev.microgpt.autograd.op} (start with {@link dev.microgpt.autograd.op.RmsNorm}), and
 * {@link dev.microgpt.autograd.Kernels} (the loops they are made of).
 */
@NullMarked
package dev.microgpt.autograd;

import org.jspecify.annotations.NullMarked;

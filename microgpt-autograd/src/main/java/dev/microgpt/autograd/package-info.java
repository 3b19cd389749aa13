/**
 * Reverse-mode automatic differentiation of whole tensors.
 *
 * <p>The entry point is {@link dev.microgpt.autograd.Tape}; {@link dev.microgpt.autograd.Operations}, which it
 * implements, is the table of contents of the mathematics. Read on in this order: {@link dev.microgpt.autograd.Tensor} and
 * {@link dev.microgpt.autograd.Parameter} (what is differentiated), {@link dev.microgpt.autograd.Op} (what an operation
 * has to say), the operations in {@link dev.microgpt.autograd.op} (start with
 * {@link dev.microgpt.autograd.op.RmsNorm}), and {@link dev.microgpt.autograd.Kernels} (the loops below them).
 */
@NullMarked
package dev.microgpt.autograd;

import org.jspecify.annotations.NullMarked;

/**
 * Kernels in plain Java: the reference that the Vector API must match bit for bit; not exported.
 *
 * <p>Start at {@link dev.microgpt.autograd.kernel.scalar.ScalarKernels} and its base class
 * {@link dev.microgpt.autograd.kernel.scalar.LoopKernels}, which holds the loops that the vector kernels share. Then
 * read {@link dev.microgpt.autograd.kernel.scalar.ProductTiles} (matrix products) with
 * {@link dev.microgpt.autograd.kernel.scalar.LongRows}, {@link dev.microgpt.autograd.kernel.scalar.ScalarLower} with
 * {@link dev.microgpt.autograd.kernel.scalar.ScalarTriangle} (products with a triangle, for causal attention),
 * {@link dev.microgpt.autograd.kernel.scalar.LowerSoftmax}, {@link dev.microgpt.autograd.kernel.scalar.Reductions} and
 * {@link dev.microgpt.autograd.kernel.scalar.ScalarAdam}.
 */
@NullMarked
package dev.microgpt.autograd.kernel.scalar;

import org.jspecify.annotations.NullMarked;

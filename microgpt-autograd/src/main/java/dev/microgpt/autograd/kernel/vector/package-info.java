/**
 * The kernels on the Vector API, bit for bit those of {@link dev.microgpt.autograd.kernel.scalar}; not exported.
 *
 * <p>The only package that knows {@code jdk.incubator.vector}. Start at
 * {@link dev.microgpt.autograd.kernel.vector.VectorKernels} and {@link dev.microgpt.autograd.kernel.vector.Species},
 * then read {@link dev.microgpt.autograd.kernel.vector.VectorProducts} (blocks and panels) down to
 * {@link dev.microgpt.autograd.kernel.vector.Panels} and {@link dev.microgpt.autograd.kernel.vector.VectorTile} (the
 * register tile), {@link dev.microgpt.autograd.kernel.vector.VectorLower} with
 * {@link dev.microgpt.autograd.kernel.vector.VectorTriangle} (products with a triangle), and the row kernels
 * {@link dev.microgpt.autograd.kernel.vector.VectorRows}, {@link dev.microgpt.autograd.kernel.vector.VectorReductions},
 * {@link dev.microgpt.autograd.kernel.vector.VectorExp}, {@link dev.microgpt.autograd.kernel.vector.VectorErf},
 * {@link dev.microgpt.autograd.kernel.vector.VectorSigmoid}, {@link dev.microgpt.autograd.kernel.vector.VectorTanh},
 * {@link dev.microgpt.autograd.kernel.vector.VectorDropout} and
 * {@link dev.microgpt.autograd.kernel.vector.VectorAdam}.
 */
@NullMarked
package dev.microgpt.autograd.kernel.vector;

import org.jspecify.annotations.NullMarked;

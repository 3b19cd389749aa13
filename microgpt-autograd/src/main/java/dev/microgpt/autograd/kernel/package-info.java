/**
 * The loops behind {@link dev.microgpt.autograd.Kernels}; not exported.
 *
 * <p>The entry point is {@link dev.microgpt.autograd.kernel.ActiveKernels}, which chooses the kernels of this JVM. Read on
 * in this order: {@link dev.microgpt.autograd.kernel.scalar} (plain loops, the reference),
 * {@link dev.microgpt.autograd.kernel.VectorKernels} with
 * {@link dev.microgpt.autograd.kernel.VectorProducts} (the same on the Vector API),
 * {@link dev.microgpt.autograd.kernel.ThreadedKernels} with {@link dev.microgpt.autograd.kernel.WorkerPool} (either of
 * them, shared among threads). The elementary functions are in {@link dev.microgpt.autograd.kernel.function}.
 */
@NullMarked
package dev.microgpt.autograd.kernel;

import org.jspecify.annotations.NullMarked;

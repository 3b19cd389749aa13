/**
 * The implementation of {@link dev.microgpt.autograd.Kernels}; not exported.
 *
 * <p>Start at {@link dev.microgpt.autograd.kernel.ActiveKernels}, which chooses the kernels of this JVM. Then read
 * {@link dev.microgpt.autograd.kernel.scalar} (plain loops, the reference), {@link dev.microgpt.autograd.kernel.vector}
 * (the same on the Vector API), {@link dev.microgpt.autograd.kernel.thread} (the threads that share large work) and
 * {@link dev.microgpt.autograd.kernel.function} (the elementary functions). Each package knows only those after it:
 * kernel, vector, scalar, and at the bottom thread and function.
 */
@NullMarked
package dev.microgpt.autograd.kernel;

import org.jspecify.annotations.NullMarked;

/**
 * The implementation of {@link dev.microgpt.autograd.Kernels}; not exported.
 *
 * <p>Start at {@link dev.microgpt.autograd.kernel.ActiveKernels}, which chooses the kernels of this JVM. Then read
 * {@link dev.microgpt.autograd.kernel.scalar} (plain loops, the reference), {@link dev.microgpt.autograd.kernel.vector} (the
 * same on the Vector API) and {@link dev.microgpt.autograd.kernel.function} (the elementary functions of both). Each package
 * knows only those after it: kernel, vector, scalar, function.
 */
@NullMarked
package dev.microgpt.autograd.kernel;

import org.jspecify.annotations.NullMarked;

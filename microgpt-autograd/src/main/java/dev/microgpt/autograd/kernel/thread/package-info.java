/**
 * The threads on which kernels share their work; not exported.
 *
 * <p>Start at {@link dev.microgpt.autograd.kernel.thread.WorkerPool}, the only class.
 */
@NullMarked
package dev.microgpt.autograd.kernel.thread;

import org.jspecify.annotations.NullMarked;

/**
 * Elementary functions with the same bits on every JVM and processor, as plain loops that C2 vectorizes; not exported.
 *
 * <p>Start at {@link dev.microgpt.autograd.kernel.function.Transcendentals}, the entry point with the error bounds.
 * Then read {@link dev.microgpt.autograd.kernel.function.Exp}, whose range reduction and loop structure
 * {@link dev.microgpt.autograd.kernel.function.Tanh} and {@link dev.microgpt.autograd.kernel.function.Sigmoid} share,
 * {@link dev.microgpt.autograd.kernel.function.Quotient} (the last step of both), and the independent
 * {@link dev.microgpt.autograd.kernel.function.Log} and {@link dev.microgpt.autograd.kernel.function.Erf}.
 */
@NullMarked
package dev.microgpt.autograd.kernel.function;

import org.jspecify.annotations.NullMarked;

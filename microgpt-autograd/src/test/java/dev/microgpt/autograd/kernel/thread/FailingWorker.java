package dev.microgpt.autograd.kernel.thread;

import dev.microgpt.autograd.Kernels;
import java.util.concurrent.atomic.AtomicBoolean;

/** A program in which a worker throws, and nobody catches. */
final class FailingWorker {
    private FailingWorker() {}

    public static void main(String[] args) {
        Thread caller = Thread.currentThread();
        AtomicBoolean failed = new AtomicBoolean();
        Kernels.active().parallel(1000, Long.MAX_VALUE, (part, from, to) -> {
            while (Thread.currentThread() == caller && !failed.get()) {
                Thread.onSpinWait(); // or the caller does all the work before a worker has started
            }
            if (Thread.currentThread() != caller) {
                failed.set(true);
                throw new IllegalStateException(
                        "planted in " + Thread.currentThread().getName());
            }
        });
        throw new AssertionError("the caller was not told");
    }
}

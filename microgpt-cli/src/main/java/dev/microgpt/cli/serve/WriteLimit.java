package dev.microgpt.cli.serve;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Ends writes that make no progress because the client does not read. A socket has no time limit for writes, but an
 * interrupt closes its channel.
 */
final class WriteLimit implements AutoCloseable {
    private static final int LOOKS = 30;

    private final long nanos;

    /** The time at which each thread that is writing began to. */
    private final Map<Thread, Long> writing = new ConcurrentHashMap<>();

    private final Thread watch;
    private volatile boolean closed;

    /** A write to a connection. */
    @FunctionalInterface
    interface Write {
        void run() throws IOException;
    }

    WriteLimit(Duration limit) {
        nanos = limit.toNanos();
        watch = new Thread(this::watch, "watch for writes without progress");
        watch.setDaemon(true);
        watch.start();
    }

    /**
     * Writes something short.
     *
     * @throws IOException if the client is gone, or does not read for the time of the limit
     */
    void guard(Write write) throws IOException {
        Thread self = Thread.currentThread();
        Long begun = System.nanoTime();
        writing.put(self, begun);
        try {
            write.run();
        } finally {
            if (!writing.remove(self, begun)) {
                while (!Thread.interrupted()) { // it is on its way, and must not reach the thread's next request
                    Thread.onSpinWait();
                }
            }
        }
    }

    private void watch() {
        while (!closed) {
            try {
                Thread.sleep(Math.max(1, nanos / LOOKS / 1_000_000));
            } catch (InterruptedException end) {
                return;
            }
            long now = System.nanoTime();
            writing.forEach((thread, begun) -> {
                if (now - begun > nanos && writing.remove(thread, begun)) {
                    thread.interrupt();
                }
            });
        }
    }

    @Override
    public void close() {
        closed = true;
        watch.interrupt();
    }
}

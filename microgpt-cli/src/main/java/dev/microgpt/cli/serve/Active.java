package dev.microgpt.cli.serve;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts the requests that are being answered, for a server that ends when they are. */
final class Active {
    private int count;
    private boolean stopping;

    synchronized void enter() {
        count++;
    }

    synchronized void leave() {
        count--;
        notifyAll();
    }

    synchronized void stop() {
        stopping = true;
    }

    synchronized boolean isStopping() {
        return stopping;
    }

    /** Waits until there are none, but no longer than a time, and returns how many there still are. */
    synchronized int await(Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        long left = most.toNanos();
        while (count > 0 && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
        return count;
    }
}

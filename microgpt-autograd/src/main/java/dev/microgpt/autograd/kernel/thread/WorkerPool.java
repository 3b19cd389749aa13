package dev.microgpt.autograd.kernel.thread;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Daemon threads that help a caller with the parts of one job, handed over in about a microsecond.
 *
 * <p>Caller and workers draw parts until none is left, so a worker that the operating system does not let run delays
 * nobody. There is one job at a time: who finds the pool busy, or calls from within a part, does all parts alone.
 *
 * <p>Both sides spin for a moment while they wait, because a training step has hundreds of jobs some ten microseconds
 * apart, and then sleep.
 */
public final class WorkerPool {
    /** What one part of a job does. */
    public interface Task {
        void run(int part);
    }

    private static final long SPIN_NANOS = 100_000;

    private final int threads;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** The number of the job in the upper half, of the parts left in the lower: who lowers it owns the last of them. */
    private final AtomicLong tickets = new AtomicLong();

    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private Worker @Nullable [] workers;
    private volatile @Nullable Task task;

    /** Creates a pool that uses {@code threads} threads, of which the caller is one; none is started yet. */
    public WorkerPool(int threads) {
        this.threads = threads;
    }

    public int threads() {
        return threads;
    }

    /**
     * Runs the parts 0 to {@code parts − 1} and returns when all are done.
     *
     * <p>What one part throws is thrown here after the others have ended, with the stack of the thread it came from.
     */
    public void run(int parts, Task task) {
        if (!busy.compareAndSet(false, true)) {
            for (int part = 0; part < parts; part++) {
                task.run(part);
            }
            return;
        }
        try {
            publish(parts, task, workers());
            work();
            await(parts);
            rethrow();
        } finally {
            this.task = null;
            busy.set(false);
        }
    }

    private void publish(int parts, Task task, Worker... helpers) {
        this.task = task;
        done.set(0);
        failure.set(null);
        long job = (tickets.get() >>> 32) + 1;
        tickets.set(job << 32 | parts);
        for (Worker worker : helpers) {
            worker.wakeUp();
        }
    }

    private Worker[] workers() {
        Worker[] started = workers;
        if (started == null) {
            started = start(threads - 1);
            workers = started;
        }
        return started;
    }

    /** Starts as many workers as the operating system lets it; fewer do the same work. */
    private Worker[] start(int count) {
        Worker[] started = new Worker[count];
        for (int i = 0; i < count; i++) {
            started[i] = new Worker("microgpt-worker-" + (i + 1));
            try {
                started[i].start();
            } catch (OutOfMemoryError noMoreThreads) {
                return Arrays.copyOf(started, i);
            }
        }
        return started;
    }

    /** Does parts of the current job until none is left. */
    private void work() {
        for (long ticket = tickets.get(); (int) ticket > 0; ticket = tickets.get()) {
            // fails if somebody else drew this part; a job cannot end, nor the next begin, before its parts are done
            if (tickets.compareAndSet(ticket, ticket - 1)) {
                runPart((int) ticket - 1);
            }
        }
    }

    private void runPart(int part) {
        try {
            task.run(part);
        } catch (Throwable thrown) {
            keep(thrown);
        } finally {
            done.incrementAndGet();
        }
    }

    /** Keeps what was thrown first, and with it what others threw. */
    private void keep(Throwable thrown) {
        Throwable first = failure.compareAndExchange(null, thrown);
        if (first == null || first == thrown) { // where memory is short, the JVM gives all threads the same error
            return;
        }
        try {
            first.addSuppressed(thrown);
        } catch (OutOfMemoryError noRoom) {
            // the first is told of, and this thread lives on
        }
    }

    private void await(int parts) {
        long start = System.nanoTime();
        while (done.get() < parts) {
            if (System.nanoTime() - start < SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, SPIN_NANOS); // a part takes long, so what waiting adds does not matter
            }
        }
    }

    private void rethrow() {
        Throwable thrown = failure.get();
        if (thrown != null) {
            WorkerPool.<RuntimeException>rethrow(thrown);
        }
    }

    /** Throws also what a language without checked exceptions let through. */
    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void rethrow(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private final class Worker extends Thread {
        private volatile boolean asleep;

        Worker(String name) {
            super(null, null, name, 0, false);
            setDaemon(true);
        }

        void wakeUp() {
            if (asleep) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            long lastJob = 0;
            while (true) {
                lastJob = awaitJobAfter(lastJob);
                work();
            }
        }

        private long awaitJobAfter(long last) {
            long start = System.nanoTime();
            long job = tickets.get() >>> 32;
            while (job == last) {
                if (System.nanoTime() - start < SPIN_NANOS) {
                    Thread.onSpinWait();
                } else {
                    asleep = true;
                    if (tickets.get() >>> 32 == last) {
                        LockSupport.park(WorkerPool.this);
                    }
                    asleep = false;
                }
                job = tickets.get() >>> 32;
            }
            return job;
        }
    }
}

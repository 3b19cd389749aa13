package dev.microgpt.autograd.kernel.thread;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Daemon threads that run the parts of a job together with the calling thread.
 *
 * <p>Caller and workers claim parts until none remain, so a worker that the operating system does not schedule delays
 * nobody. The pool runs one job at a time: a caller that finds it busy, or that calls from within a part, runs all
 * parts on its own thread.
 *
 * <p>A waiting thread first spins, because a training step has hundreds of jobs some ten microseconds apart, then
 * sleeps. To hand a job to a thread that spins takes about a microsecond; to wake one takes the caller 10 to 40.
 */
public final class WorkerPool {
    /** The body of a job. */
    public interface Task {
        void run(int part);
    }

    private static final long SPIN_NANOS = 100_000;

    private final int threads;
    private final AtomicBoolean busy = new AtomicBoolean();

    /** The job number in the upper half, the parts left in the lower; decrementing it claims the last of these. */
    private final AtomicLong tickets = new AtomicLong();

    private final AtomicInteger done = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private Worker @Nullable [] workers;
    private volatile @Nullable Task task;

    /** Creates a pool of {@code threads} threads, one of which is the caller; the others start with the first job. */
    public WorkerPool(int threads) {
        this.threads = threads;
    }

    public int threads() {
        return threads;
    }

    /** {@return whether a worker has not fallen asleep since its last job, so that it begins the next at once} */
    public boolean awake() {
        Worker[] started = workers;
        if (started != null) {
            for (Worker worker : started) {
                if (!worker.asleep) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * Runs the parts 0 to {@code parts − 1} and returns when all are done.
     *
     * <p>An exception thrown by a part is rethrown here after the other parts have ended, with its original stack
     * trace.
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

    /** Starts up to {@code count} workers; if the operating system refuses more, fewer do the same work. */
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

    /** Claims and runs parts of the current job until none remain. */
    private void work() {
        for (long ticket = tickets.get(); (int) ticket > 0; ticket = tickets.get()) {
            // fails if another thread claimed this part; no job ends, nor does the next begin, before its parts are
            // done
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

    /** Keeps the first failure and adds later ones to it as suppressed. */
    private void keep(Throwable thrown) {
        Throwable first = failure.compareAndExchange(null, thrown);
        if (first == null || first == thrown) { // out of memory, the JVM may throw one error in all threads
            return;
        }
        try {
            first.addSuppressed(thrown);
        } catch (OutOfMemoryError noRoom) {
            // the first failure is reported, and this thread survives
        }
    }

    private void await(int parts) {
        long start = System.nanoTime();
        while (done.get() < parts) {
            if (System.nanoTime() - start < SPIN_NANOS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, SPIN_NANOS); // a part takes long, so the extra wait does not matter
            }
        }
    }

    private void rethrow() {
        Throwable thrown = failure.get();
        if (thrown != null) {
            WorkerPool.<RuntimeException>rethrow(thrown);
        }
    }

    /** Rethrows checked exceptions too, which other JVM languages can throw undeclared. */
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

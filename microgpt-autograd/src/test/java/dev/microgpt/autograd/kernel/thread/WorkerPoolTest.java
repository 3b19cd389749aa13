package dev.microgpt.autograd.kernel.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerPoolTest {
    @Test
    void everyPartOfEveryJobRunsOnce() {
        WorkerPool pool = new WorkerPool(4);
        for (int job = 0; job < 50_000; job++) {
            int parts = 1 + job % 6;
            AtomicIntegerArray runs = new AtomicIntegerArray(parts);
            pool.run(parts, runs::incrementAndGet);
            for (int part = 0; part < parts; part++) {
                assertEquals(1, runs.get(part), "job " + job + ", part " + part + " of " + parts);
            }
        }
    }

    @Test
    void partsRunOnAllThreadsAtTheSameTime() {
        WorkerPool pool = new WorkerPool(3);
        CyclicBarrier allThere = new CyclicBarrier(3);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        pool.run(3, part -> {
            threads.add(Thread.currentThread());
            await(allThere);
        });
        assertEquals(3, threads.size());
    }

    @Test
    void workersSleepAndWakeUp() throws InterruptedException {
        WorkerPool pool = new WorkerPool(2);
        for (int round = 0; round < 5; round++) {
            CyclicBarrier bothThere = new CyclicBarrier(2);
            pool.run(2, part -> {
                await(bothThere);
                assertTrue(pool.awake());
                await(bothThere); // or the worker could end its part and sleep before the caller asks
            });
            Thread worker = worker("microgpt-worker-1");
            while (worker.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
            }
            assertFalse(pool.awake());
        }
    }

    @Test
    void workersAreDaemons() {
        new WorkerPool(2).run(2, part -> {});
        assertTrue(worker("microgpt-worker-1").isDaemon());
    }

    @Test
    void whatAWorkerThrowsReachesTheCallerWithItsStack() {
        WorkerPool pool = new WorkerPool(2);
        CyclicBarrier bothThere = new CyclicBarrier(2);
        Thread caller = Thread.currentThread();
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> pool.run(2, part -> {
                    await(bothThere);
                    if (Thread.currentThread() != caller) {
                        throw new IllegalStateException("in a worker");
                    }
                }));
        assertEquals("in a worker", thrown.getMessage());
        assertTrue(thrown.getStackTrace()[thrown.getStackTrace().length - 1]
                .getClassName()
                .contains("Worker"));
    }

    @Test
    void failureDoesNotEndThePoolNorTheOtherParts() {
        WorkerPool pool = new WorkerPool(3);
        AtomicIntegerArray runs = new AtomicIntegerArray(9);
        Error first = assertThrows(
                Error.class,
                () -> pool.run(9, part -> {
                    runs.incrementAndGet(part);
                    throw new AssertionError("part " + part);
                }));
        assertEquals(8, first.getSuppressed().length);
        pool.run(9, runs::incrementAndGet);
        for (int part = 0; part < 9; part++) {
            assertEquals(2, runs.get(part));
        }
    }

    @Test
    void anInterruptedCallerWaitsForTheOthersAndKeepsTheFlag() {
        WorkerPool pool = new WorkerPool(2);
        Thread caller = Thread.currentThread();
        CyclicBarrier bothThere = new CyclicBarrier(2);
        AtomicIntegerArray ended = new AtomicIntegerArray(2);
        pool.run(2, part -> {
            await(bothThere);
            if (Thread.currentThread() == caller) {
                caller.interrupt();
            } else {
                LockSupport.parkNanos(50_000_000); // so that the caller waits; a shorter wait would only prove less
            }
            ended.incrementAndGet(part);
        });
        assertEquals("[1, 1]", ended.toString());
        assertTrue(Thread.interrupted());
    }

    @Test
    void callFromWithinAPartRunsThere() {
        WorkerPool pool = new WorkerPool(2);
        AtomicIntegerArray runs = new AtomicIntegerArray(6);
        pool.run(2, outer -> {
            Thread thread = Thread.currentThread();
            pool.run(3, inner -> {
                assertSame(thread, Thread.currentThread());
                runs.incrementAndGet(3 * outer + inner);
            });
        });
        for (int i = 0; i < 6; i++) {
            assertEquals(1, runs.get(i));
        }
    }

    @Test
    void whoFindsThePoolBusyWorksAlone() throws InterruptedException {
        WorkerPool pool = new WorkerPool(2);
        CountDownLatch busy = new CountDownLatch(2);
        CountDownLatch finish = new CountDownLatch(1);
        Thread other = new Thread(() -> pool.run(2, part -> {
            busy.countDown();
            await(finish);
        }));
        other.start();
        busy.await();
        AtomicIntegerArray runs = new AtomicIntegerArray(4);
        pool.run(4, part -> {
            assertEquals("whoFindsThePoolBusyWorksAlone", callingTest());
            runs.incrementAndGet(part);
        });
        for (int part = 0; part < 4; part++) {
            assertEquals(1, runs.get(part));
        }
        finish.countDown();
        other.join();
    }

    /** The test method on the stack of this thread, if it runs there. */
    private static String callingTest() {
        for (StackTraceElement frame : Thread.currentThread().getStackTrace()) {
            if (frame.getMethodName().equals("whoFindsThePoolBusyWorksAlone")) {
                return frame.getMethodName();
            }
        }
        return "none";
    }

    private static Thread worker(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(name))
                .reduce((first, last) -> last)
                .orElseThrow();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception timeout) {
            throw new AssertionError("the other threads did not come", timeout);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}

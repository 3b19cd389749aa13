package dev.microgpt.autograd.kernel.thread;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Whatever any worker throws in any of many jobs is thrown to the caller, with its stack, and the pool goes on. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WorkerFailureTest {
    private static final int JOBS = Boolean.getBoolean("microgpt.test.nightly") ? 1_000 : 60;
    private static final int WAIT_SECONDS = 60;
    private static final List<Supplier<Throwable>> FAILURES = List.of(
            () -> new IllegalStateException("exception"),
            () -> new AssertionError("error"),
            () -> new OutOfMemoryError("memory"),
            () -> new StackOverflowError("stack"),
            () -> new IOException("checked, as other languages throw it"));

    private static int thrown;
    private static int arrived;

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure =
                thrown + " failures of workers, " + arrived + " thrown to the caller with the stack of the worker";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5})
    void anyWorkerMayFailInAnyJob(int threads) {
        WorkerPool pool = new WorkerPool(threads);
        for (int job = 0; job < JOBS; job++) {
            String failing = "microgpt-worker-" + (1 + job % (threads - 1));
            Throwable failure = FAILURES.get(job % FAILURES.size()).get();
            AtomicInteger others = new AtomicInteger();
            // every thread has one part, so a worker that did not outlive an earlier job is missed
            CyclicBarrier allThere = new CyclicBarrier(threads);
            thrown++;
            Throwable told = assertThrows(
                    Throwable.class,
                    () -> pool.run(threads, part -> {
                        await(allThere);
                        if (Thread.currentThread().getName().equals(failing)) {
                            failure.setStackTrace(new Throwable().getStackTrace());
                            WorkerFailureTest.<RuntimeException>raise(failure);
                        }
                        others.incrementAndGet();
                    }));
            assertSame(failure, told, "job " + job);
            assertTrue(comesFromAWorker(told), "job " + job);
            assertEquals(threads - 1, others.get(), "job " + job);
            arrived++;
        }
    }

    /** The JVM has few errors in store for when memory is short, and threads get the same one. */
    @Test
    void allThreadsMayThrowTheSameError() {
        WorkerPool pool = new WorkerPool(3);
        OutOfMemoryError same = new OutOfMemoryError("the JVM's own");
        for (int job = 0; job < JOBS; job++) {
            CyclicBarrier allThere = new CyclicBarrier(3);
            thrown++;
            Throwable told = assertThrows(
                    Throwable.class,
                    () -> pool.run(3, part -> {
                        await(allThere);
                        throw same;
                    }));
            assertSame(same, told, "job " + job);
            arrived++;
        }
    }

    /** Workers are daemons: a program that does not catch ends at once, and says what happened. */
    @Test
    void aProgramEndsWithTheStackOfItsWorker(@TempDir Path folder) throws Exception {
        String classes = String.join(
                System.getProperty("path.separator"),
                place(WorkerPool.class),
                Path.of("target", "test-classes").toString(),
                place(LoggerFactory.class));
        Path told = folder.resolve("told");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dmicrogpt.threads=3",
                        "-cp",
                        classes,
                        FailingWorker.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        thrown++;
        try {
            assertTrue(process.waitFor(WAIT_SECONDS, TimeUnit.SECONDS), "the program hangs");
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(told);
        assertEquals(1, process.exitValue(), output);
        assertTrue(output.contains("java.lang.IllegalStateException: planted in microgpt-worker-"), output);
        assertTrue(output.contains("WorkerPool$Worker.run"), output);
        arrived++;
    }

    private static String place(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString();
    }

    private static boolean comesFromAWorker(Throwable told) {
        return Arrays.stream(told.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(WorkerPool.class.getName() + "$Worker"));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void raise(Throwable failure) throws T {
        throw (T) failure;
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(30, TimeUnit.SECONDS);
        } catch (Exception timeout) {
            throw new AssertionError("the other threads did not come", timeout);
        }
    }
}

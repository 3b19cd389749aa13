package dev.microgpt.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.sweep.RunEnd;
import dev.microgpt.train.sweep.RunTrainer;
import dev.microgpt.train.sweep.Sweep;
import dev.microgpt.train.sweep.SweptRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a sweep on a cluster if a run cannot begin, or is attempted twice at the same time. */
class SparkSweepTest {
    private static final RunEnd DONE = new RunEnd(RunEnd.State.DONE, 0, "");
    private static final String SMALL = "n-embd = 8\nn-head = 2\nsteps = 5\n";

    @TempDir
    private Path folder;

    @Test
    void aRunThatCannotBeginIsReportedAndTheOthersEnd() throws IOException {
        Sweep sweep = Sweep.parse("sweep.txt", SMALL + "seed = 1, 2");
        Path link = Files.createSymbolicLink(folder.resolve("seed-1"), folder.resolve("missing"));
        try (JavaSparkContext spark = new JavaSparkContext(Cluster.threads())) {
            List<RunEnd> ends = SparkSweep.train(spark, sweep, folder);
            assertEquals(RunEnd.State.FAILED, ends.get(0).state());
            assertTrue(
                    ends.get(0).message().startsWith(link.toString()),
                    ends.get(0).message());
            assertEquals(DONE, ends.get(1));
        }
    }

    /** Spark lets no two attempts at a task run on one machine, so there is none in this test. */
    @Test
    @Timeout(60)
    void aSecondAttemptWaitsForTheFirstAndContinuesIt() throws Exception {
        SweptRun run = Sweep.parse("sweep.txt", SMALL).runs().get(0);
        Path log = folder.resolve(run.name()).resolve("log.txt");
        CountDownLatch training = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        FutureTask<RunEnd> first = new FutureTask<>(() -> {
            RunEnd end = run.train(RunTrainer.find(), folder, () -> {
                if (!Files.exists(log)) {
                    return false; // it has not begun
                }
                training.countDown();
                return await(refused);
            });
            ended.countDown();
            return end;
        });
        new Thread(first, "first attempt").start();
        await(training);
        String said = Files.readString(log);
        RunEnd ofAnotherJob = SparkSweep.attempt(run, folder, 0, () -> false);
        assertTrue(ofAnotherJob.isInUse(), ofAnotherJob::toString);
        AtomicInteger attempts = new AtomicInteger();
        BooleanSupplier killed = () -> {
            if (attempts.incrementAndGet() == 2) { // after it was refused once
                assertTrue(text(log.resolveSibling("run.json")).contains("\"state\":\"stopped\""));
                assertEquals(said, text(log), "the log is that of the first attempt");
                refused.countDown();
                await(ended);
            }
            return false;
        };
        assertEquals(DONE, SparkSweep.attempt(run, folder, 1, killed));
        assertEquals(RunEnd.State.STOPPED, first.get().state());
        assertEquals(DONE, run.endIn(folder));
        Path alone = folder.resolve("alone");
        assertEquals(DONE, run.train(RunTrainer.find(), alone, () -> false));
        assertArrayEquals(checkpoint(run, alone), checkpoint(run, folder));
    }

    /** Returns true, as whoever stops a run. */
    private static boolean await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
            return true;
        } catch (InterruptedException stop) {
            throw new AssertionError(stop);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] checkpoint(SweptRun run, Path sweep) throws IOException {
        return Files.readAllBytes(sweep.resolve(run.name()).resolve("checkpoint.safetensors"));
    }
}

package dev.microgpt.spark;

import dev.microgpt.train.sweep.RunEnd;
import dev.microgpt.train.sweep.RunTrainer;
import dev.microgpt.train.sweep.Sweep;
import dev.microgpt.train.sweep.SweptRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * Trains the runs of a sweep on a cluster, each in one task with the bits of {@code microgpt train}.
 *
 * <p>The folder must be on a path that the driver and all executors see. A run whose executor died continues from its
 * last checkpoint; runs that have ended are not repeated, whoever trained them. A second attempt at a run that is still
 * trained, as speculative execution makes, waits for the first. {@code microgpt.jar} or the library
 * {@code microgpt-cli} must be on the class path of driver and executors.
 *
 * <pre>{@code
 * Sweep sweep = Sweep.read(Path.of("sweep.txt"));
 * List<RunEnd> ends = SparkSweep.train(spark, sweep, Path.of("/shared/sweep"));
 * }</pre>
 */
public final class SparkSweep {
    /** In seconds, between two attempts to get the lock. */
    private static final long LONGEST_PAUSE = 30;

    private SparkSweep() {}

    /**
     * Checks a sweep, and trains all runs that have not ended in the folder before. A run that fails does not stop the
     * others.
     *
     * @param spark  the context
     * @param sweep  the runs; the paths of their data must be absolute, and seen by all executors
     * @param folder the folder of the sweep, created if missing
     * @return how each run ended, in the order of the sweep
     * @throws SparkJobException if the executors cannot train
     * @throws IOException       if a setting or a run is refused, or a file cannot be read or written
     */
    public static List<RunEnd> train(JavaSparkContext spark, Sweep sweep, Path folder) throws IOException {
        sweep.check(RunTrainer.find(), folder, 1);
        Files.createDirectories(folder);
        Task task = new Task(folder.toAbsolutePath().toString(), Build.here());
        return Failure.explained(() ->
                spark.parallelize(sweep.runs(), sweep.runs().size()).map(task).collect());
    }

    /** Trains a run. */
    private static final class Task implements Function<SweptRun, RunEnd> {
        private static final long serialVersionUID = 1;

        private final String folder;
        private final Build build;

        Task(String folder, Build build) {
            this.folder = folder;
            this.build = build;
        }

        @Override
        public RunEnd call(SweptRun run) {
            build.check();
            Path sweep = Path.of(folder);
            if (!Files.isDirectory(sweep)) {
                throw new SparkJobException("an executor does not see the folder " + folder
                        + " of the sweep, which the driver created; use a path that all machines share");
            }
            TaskContext context = TaskContext.get();
            return attempt(run, sweep, context.attemptNumber(), context::isInterrupted);
        }
    }

    /** Trains a run; after the first attempt, waits as long as an earlier one holds the lock of its folder. */
    static RunEnd attempt(SweptRun run, Path sweep, int attempt, BooleanSupplier killed) {
        RunTrainer trainer = RunTrainer.find();
        for (long pause = 1; ; pause++) {
            RunEnd end;
            try {
                end = run.train(trainer, sweep, killed);
            } catch (IOException | RuntimeException | Error failure) {
                return RunEnd.failed(failure);
            }
            if (!end.isInUse() || attempt == 0) {
                return end;
            }
            try {
                TimeUnit.SECONDS.sleep(Math.min(pause, LONGEST_PAUSE));
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                return end;
            }
        }
    }
}

package dev.microgpt.cli.report;

import dev.microgpt.cli.page.Template;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.FileOperations;
import dev.microgpt.train.internal.disk.SystemReason;
import dev.microgpt.train.internal.metrics.EvaluationLine;
import dev.microgpt.train.internal.metrics.History;
import dev.microgpt.train.internal.metrics.MetricsReader;
import dev.microgpt.train.internal.metrics.StepLine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps an HTML report of a training run up to date, from the metrics that the run writes.
 *
 * <pre>{@code
 * trainer.addListener(metrics); // first, so that the page includes the latest metrics
 * RunReport report = new RunReport(metricsFile, configuration, vocabSize, folder.resolve("report.html"));
 * trainer.addListener(report);
 * trainer.run(steps);
 * report.write();
 * }</pre>
 *
 * <p>The page is written after the first step that follows an evaluation or samples. Writing takes at most about a
 * twentieth of the time: if evaluations are more frequent than that, some wait for the next. The page needs no network
 * and no other file. Not thread-safe.
 */
public final class RunReport implements TrainingListener {
    // nanoseconds of training per nanosecond of writing
    private static final long TRAINING_PER_WRITING = 19;

    private final MetricsReader metrics;
    private final Map<String, String> configuration;
    private final int vocabSize;
    private final Path page;
    private boolean outOfDate;
    private long lastEnd = System.nanoTime();
    private long lastNanos;

    /**
     * Prepares a report; nothing is read or written before the first {@link #write}.
     *
     * @param metrics       the metrics file, one JSON object per line
     * @param configuration the names and values of the run's settings, in the order of the page
     * @param vocabSize     the number of tokens, at least 1, which gives the loss of guessing
     * @param page          the file to write
     * @throws FileSystemException if that file exists and is not such a report
     * @throws IOException         if it cannot be read
     */
    public RunReport(Path metrics, Map<String, String> configuration, int vocabSize, Path page) throws IOException {
        if (vocabSize < 1) {
            throw new IllegalArgumentException("vocabSize is " + vocabSize + ", but must be at least 1");
        }
        checkReplaceable(page);
        this.metrics = new MetricsReader(metrics);
        this.configuration = new LinkedHashMap<>(configuration);
        this.vocabSize = vocabSize;
        this.page = page;
    }

    /**
     * Refuses to replace a file that is not the report of a run.
     *
     * @throws FileSystemException if the file exists and is something else
     */
    public static void checkReplaceable(Path page) throws IOException {
        Template.checkReplaceable(
                page,
                Page.BEGINNING,
                "it already exists and is not the report of a run; move it, or choose another folder");
    }

    /**
     * Tells listeners of the steps and evaluations that a metrics file has from before a run was resumed.
     *
     * @param step the step after which it was resumed; its evaluation, which is repeated, and later lines are left out
     */
    public static void replay(Path metrics, int step, TrainingListener... listeners) throws IOException {
        History history = new MetricsReader(metrics).read();
        for (StepLine line : history.steps) {
            if (line.step() <= step) {
                TrainingStep done =
                        new TrainingStep(line.step(), line.loss(), line.learningRate(), line.gradientNorm(), 1, 0);
                for (TrainingListener listener : listeners) {
                    listener.onStep(done);
                }
            }
        }
        for (EvaluationLine line : history.evaluations) {
            if (line.step() < step) {
                Evaluation evaluation = new Evaluation(line.step(), line.loss(), 1, 1, line.best());
                for (TrainingListener listener : listeners) {
                    listener.onEvaluation(evaluation);
                }
            }
        }
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        outOfDate = true;
    }

    public void onSamples() {
        outOfDate = true;
    }

    @Override
    public void onStep(TrainingStep step) {
        if (!outOfDate || System.nanoTime() - lastEnd < TRAINING_PER_WRITING * lastNanos) {
            return;
        }
        try {
            write();
        } catch (IOException ignored) {
            // not a reason to stop training: a later page may be written, and the last write reports a failure
            lastEnd = System.nanoTime();
        }
    }

    /**
     * Writes the page from the metrics so far. A concurrent reader sees the old page or the new one.
     *
     * @throws IOException if the metrics cannot be read or the page cannot be written
     */
    public void write() throws IOException {
        long start = System.nanoTime();
        replace(Page.of(metrics.read(), configuration, vocabSize, metrics.fileName()));
        outOfDate = false;
        lastEnd = System.nanoTime();
        lastNanos = lastEnd - start;
    }

    /**
     * Replaces the page by renaming a temporary file, which is created anew, so that no link with its name is followed.
     * It is not forced to the disk: training would wait for that, and the page can be made again from the metrics.
     */
    private void replace(String html) throws IOException {
        Path target = page.toAbsolutePath();
        Path temporary = AtomicFile.temporaryFor(target);
        try {
            replace(target, temporary, html.getBytes(StandardCharsets.UTF_8));
        } catch (FileSystemException failure) {
            throw SystemReason.about(page, failure);
        }
    }

    private static void replace(Path target, Path temporary, byte[] html) throws IOException {
        try {
            try (FileOperations.NewFile out = Disk.operations().create(temporary)) {
                out.write(html);
            }
            Disk.operations().rename(temporary, target);
        } catch (Throwable failure) { // an OutOfMemoryError must not leave the temporary file behind either
            try {
                Disk.operations().delete(temporary);
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }
}

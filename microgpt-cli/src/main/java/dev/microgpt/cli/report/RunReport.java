package dev.microgpt.cli.report;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Keeps a page up to date that shows a training run, from the metrics that the run writes.
 *
 * <pre>{@code
 * trainer.addListener(metrics); // first, so that the page has what it writes
 * RunReport report = new RunReport(metricsFile, configuration, vocabSize, folder.resolve("report.html"));
 * trainer.addListener(report);
 * trainer.run(steps);
 * report.write();
 * }</pre>
 *
 * <p>The page is written after the first step that follows an evaluation or samples, and it takes no more than about a
 * twentieth of the time: where evaluations follow each other faster than that, some wait for the next. The page needs
 * no network and no other file. Not thread-safe.
 */
public final class RunReport implements TrainingListener {
    // for each nanosecond of writing, so many of training
    private static final long TRAINING_PER_WRITING = 19;

    private final MetricsReader metrics;
    private final Map<String, String> configuration;
    private final int vocabSize;
    private final Path page;
    private boolean outOfDate;
    private long lastEnd = System.nanoTime();
    private long lastNanos;

    /**
     * Prepares a page; nothing is read of the metrics, and nothing written, before the first {@link #write}.
     *
     * @param metrics       the file with the metrics, one JSON object a line
     * @param configuration what the page says of the run's settings: names and values, in the order of the map
     * @param vocabSize     the number of tokens, at least 1: it gives the loss of guessing
     * @param page          the file to write
     * @throws FileSystemException if that file holds something else than such a page
     * @throws IOException if it cannot be read
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

    private static void checkReplaceable(Path page) throws IOException {
        if (!Files.exists(page)) {
            return;
        }
        byte[] expected = Page.BEGINNING.getBytes(StandardCharsets.UTF_8);
        byte[] found = new byte[0];
        if (Files.isRegularFile(page)) {
            try (InputStream in = Files.newInputStream(page)) {
                found = in.readNBytes(expected.length);
            }
        }
        if (!new String(found, StandardCharsets.UTF_8).equals(Page.BEGINNING)) {
            throw new FileSystemException(
                    page.toString(),
                    null,
                    "found something else than the report of a run, expected none or a former report;"
                            + " move it away or choose another folder");
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
        } catch (IOException laterPerhaps) {
            // no reason to end a training: the next page may be written, and the last write tells if it is not
            lastEnd = System.nanoTime();
        }
    }

    /**
     * Writes the page from what the metrics hold now. Who reads it meanwhile sees the former page or the new one.
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

    /** Not forced to the disk: the metrics are what must not be lost, and the training would wait. */
    private void replace(String html) throws IOException {
        Path target = page.toAbsolutePath();
        Path temporary = target.resolveSibling(
                "." + target.getFileName() + ".tmp-" + ProcessHandle.current().pid());
        try {
            try (OutputStream out = Files.newOutputStream(temporary)) {
                out.write(html.getBytes(StandardCharsets.UTF_8));
            }
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (Throwable failure) { // an OutOfMemoryError must not leave the temporary file behind either
            try {
                Files.deleteIfExists(temporary);
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }
}

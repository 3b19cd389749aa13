package dev.microgpt.cli.run;

import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.metrics.EventFile;
import dev.microgpt.cli.metrics.Metrics;
import dev.microgpt.cli.report.RunReport;
import dev.microgpt.cli.terminal.ProgressLine;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.LossHistory;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Notifies metrics, progress and report of a training run, in the order in which they were added. */
final class RunListeners implements TrainingListener, Closeable {
    private final Terminal terminal;
    private final RunFolder folder;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private @Nullable Metrics metrics;
    private @Nullable EventFile events;
    private @Nullable ProgressLine progress;
    private String curve = "";
    private @Nullable RunReport report;

    RunListeners(Terminal terminal, RunFolder folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    void add(TrainingListener listener) {
        listeners.add(listener);
    }

    /**
     * Adds metrics.
     *
     * @param step the step after which the run begins or resumes
     */
    void addMetrics(Path file, int step) throws IOException {
        metrics = new Metrics(file, step);
        if (metrics.lastStep() != step) {
            terminal.complain("microgpt: warning: " + file + " ends at step " + metrics.lastStep()
                    + ", but the run resumes after step " + step);
        }
        add(metrics);
    }

    /** Adds the event file of TensorBoard, for a run that begins or resumes after a step and may have metrics. */
    void addEvents(Path file, int step, @Nullable Path metricsFile) throws IOException {
        events = new EventFile(file, step);
        if (step > 0 && metricsFile != null && Files.isRegularFile(metricsFile)) {
            events.fill(metricsFile, step);
        }
        add(events);
    }

    void addProgressLine(LossHistory losses, ProgressLine.Course course) {
        progress = new ProgressLine(terminal, losses, course);
        add(progress);
    }

    /** Prepares the report; refuses to replace a page that is none. */
    void prepareReport(Path metricsFile, Map<String, String> settings, int vocabSize) throws IOException {
        report = new RunReport(metricsFile, settings, vocabSize, folder.report());
    }

    /** Adds the report, if there is one; it reads the metrics back and so must follow them. */
    void addReport() {
        if (report != null) {
            add(report);
        }
    }

    boolean hasReport() {
        return report != null;
    }

    @Override
    public void onStep(TrainingStep step) {
        for (TrainingListener listener : listeners) {
            listener.onStep(step);
        }
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        for (TrainingListener listener : listeners) {
            listener.onEvaluation(evaluation);
        }
    }

    void onSamples(int step, List<String> texts) {
        if (metrics != null) {
            metrics.onSamples(step, texts);
        }
        if (report != null) {
            report.onSamples();
        }
    }

    /** Returns the curve of the loss after the end of a progress line; empty if there was none, or no step. */
    String curve() {
        return curve;
    }

    /** Leaves the last progress line on the terminal; later output goes below it. */
    void endProgress() {
        if (progress != null) {
            curve = progress.curve();
            progress.close();
            progress = null;
        }
        terminal.endLine();
    }

    /** Closes the metrics and completes the report. */
    void finish() throws IOException {
        if (metrics != null) {
            metrics.complete();
        }
        close();
        if (report != null) {
            report.write();
        }
    }

    @Override
    public void close() throws IOException {
        endProgress();
        Metrics closing = metrics;
        metrics = null;
        if (closing != null) {
            closing.close();
        }
        EventFile closingEvents = events;
        events = null;
        if (closingEvents != null) {
            closingEvents.close();
        }
    }
}

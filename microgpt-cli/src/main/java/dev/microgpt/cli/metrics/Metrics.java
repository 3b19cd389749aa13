package dev.microgpt.cli.metrics;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import dev.microgpt.train.internal.disk.FileKind;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the metrics of a training run, one JSON object per line, with numbers in full precision:
 *
 * <pre>
 * {"step":1,"loss":3.40048653348905,"learning_rate":0.01,"gradient_norm":2.5,"tokens":7,"tokens_per_second":3500.0}
 * {"step":100,"validation_loss":2.5,"perplexity":12.2,"bits_per_token":3.6,"bits_per_byte":3.6,"best":true}
 * {"step":100,"samples":["anna","emma"]}
 * </pre>
 *
 * <p>Two runs with the same settings and data write the same bytes except for {@code tokens_per_second}.
 */
public final class Metrics implements TrainingListener, Closeable {
    private static final String OPTION = "--metrics";
    private static final String STEP = "step";
    private static final double NANOS_PER_SECOND = 1e9;

    private final JsonLines lines;
    private final @Nullable LineFile file;
    private final int lastStep;

    /**
     * Opens the file, and refuses to replace one that does not hold metrics.
     *
     * @param step the step after which the run resumes: lines of later steps are replaced; 0 replaces the whole file
     */
    public Metrics(Path path, int step) throws IOException {
        checkReplaceable(OPTION, path);
        if (FileKind.isOther(path)) {
            file = null;
            lastStep = step;
            lines = new JsonLines(OPTION, path, Files.newOutputStream(path));
        } else {
            boolean append = step > 0 && Files.exists(path);
            MetricsTruncation kept = append ? MetricsTruncation.after(step, path) : null;
            lastStep = kept == null ? step : kept.lastStep();
            file = new LineFile(path, kept == null ? 0 : kept.bytesKept());
            lines = new JsonLines(OPTION, path, file);
        }
    }

    /**
     * Refuses to replace a file that does not hold metrics.
     *
     * @param option the option that names the file or its folder
     */
    public static void checkReplaceable(String option, Path file) throws IOException {
        JsonLines.checkReplaceable(option, file, STEP);
    }

    /** Returns the last step in an existing file, to which new lines are appended, or the step given at the start. */
    public int lastStep() {
        return lastStep;
    }

    @Override
    public void onStep(TrainingStep step) {
        Map<String, @Nullable Object> line = line(step.number());
        line.put("loss", step.loss());
        line.put("learning_rate", step.learningRate());
        line.put("gradient_norm", step.gradientNorm());
        line.put("tokens", step.tokens());
        // at least 1 ns: a clock that stood still must not make this infinite, which would be null
        line.put("tokens_per_second", step.tokens() * NANOS_PER_SECOND / Math.max(1, step.nanos()));
        write(line);
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        Map<String, @Nullable Object> line = line(evaluation.step());
        line.put("validation_loss", evaluation.loss());
        line.put("perplexity", evaluation.perplexity());
        line.put("bits_per_token", evaluation.bitsPerToken());
        line.put("bits_per_byte", evaluation.bitsPerByte());
        line.put("best", evaluation.best());
        write(line);
    }

    public void onSamples(int step, List<String> texts) {
        Map<String, @Nullable Object> line = line(step);
        line.put("samples", texts);
        write(line);
    }

    private static Map<String, @Nullable Object> line(int step) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put(STEP, step);
        return line;
    }

    private void write(Map<String, @Nullable Object> line) {
        lines.write(line);
        lines.flush(); // readers of the file see each line immediately
    }

    /** Ends the metrics of a run that has ended: cuts off lines of later steps that nothing has replaced. */
    public void complete() throws IOException {
        if (file != null) {
            file.complete();
        }
    }

    @Override
    public void close() {
        lines.close();
    }
}

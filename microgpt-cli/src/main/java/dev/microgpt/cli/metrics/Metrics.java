package dev.microgpt.cli.metrics;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Writes what happens in a training, one JSON object a line, with numbers in full precision:
 *
 * <pre>
 * {"step":1,"loss":3.40048653348905,"learning_rate":0.01,"gradient_norm":2.5,"tokens":7,"tokens_per_second":3500.0}
 * {"step":100,"validation_loss":2.5,"perplexity":12.2,"bits_per_token":3.6,"bits_per_byte":3.6,"best":true}
 * {"step":100,"samples":["anna","emma"]}
 * </pre>
 *
 * <p>But for {@code tokens_per_second}, two runs of the same settings and data write the same bytes.
 */
public final class Metrics implements TrainingListener, Closeable {
    private static final String OPTION = "--metrics";
    private static final String STEP = "step";
    private static final double NANOS_PER_SECOND = 1e9;

    private final JsonLines lines;

    private final int lastStep;

    /** Opens the file, and replaces nothing but the metrics of a former run. */
    public Metrics(Path file) throws IOException {
        this(file, 0);
    }

    /** Opens the file to go on after a step; what it has of later ones is cut off. */
    public Metrics(Path file, int step) throws IOException {
        JsonLines.checkReplaceable(OPTION, file, STEP);
        boolean goesOn = step > 0 && Files.isRegularFile(file);
        lastStep = goesOn ? MetricsCut.behind(step, file) : step;
        lines = new JsonLines(OPTION, file, STEP, goesOn);
    }

    /** Returns the last step of which a file has a line to which lines are added. */
    public int lastStep() {
        return lastStep;
    }

    @Override
    public void onStep(TrainingStep step) {
        lines.begin(STEP, step.number());
        lines.put("loss", step.loss());
        lines.put("learning_rate", step.learningRate());
        lines.put("gradient_norm", step.gradientNorm());
        lines.put("tokens", step.tokens());
        // a clock that stood still must not make it infinite, which JSON does not know
        lines.put("tokens_per_second", step.tokens() * NANOS_PER_SECOND / Math.max(1, step.nanos()));
        end();
    }

    @Override
    public void onEvaluation(Evaluation evaluation) {
        lines.begin(STEP, evaluation.step());
        lines.put("validation_loss", evaluation.loss());
        lines.put("perplexity", evaluation.perplexity());
        lines.put("bits_per_token", evaluation.bitsPerToken());
        lines.put("bits_per_byte", evaluation.bitsPerByte());
        lines.put("best", evaluation.best());
        end();
    }

    public void onSamples(int step, List<String> texts) {
        lines.begin(STEP, step);
        lines.put("samples", texts);
        end();
    }

    private void end() {
        lines.end();
        lines.flush(); // who watches the file sees every line at once
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}

package dev.microgpt.train.internal.metrics;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The metrics so far. If a run was resumed and repeated some steps, the later lines replace the earlier ones. */
public final class History {
    /** The number of sets of samples that are kept, the newest; a page has no room for more. */
    public static final int SAMPLES_KEPT = 200;

    // each in ascending order of steps
    public final List<StepLine> steps = new ArrayList<>();
    public final List<EvaluationLine> evaluations = new ArrayList<>();
    public final List<SamplesLine> samples = new ArrayList<>();

    private int samplesDropped;
    private int unreadableLines;

    /** Adds a step; replaces an earlier one with the same number and everything after it. */
    void addStep(StepLine line) {
        if (line.step() <= lastStep()) {
            forget(steps, line.step());
            forget(evaluations, line.step());
            forget(samples, line.step());
        }
        steps.add(line);
    }

    /**
     * Adds an evaluation; replaces an earlier one of the same step. At its end, a run evaluates the best model again,
     * which is of an earlier step than the last.
     */
    void addEvaluation(EvaluationLine line) {
        int place = evaluations.size();
        while (place > 0 && evaluations.get(place - 1).step() > line.step()) {
            place--;
        }
        if (place > 0 && evaluations.get(place - 1).step() == line.step()) {
            evaluations.set(place - 1, line);
        } else {
            evaluations.add(place, line);
        }
    }

    /** Adds samples; replaces earlier ones of the same step. */
    void addSamples(SamplesLine line) {
        forget(samples, line.step());
        samples.add(line);
        if (samples.size() > SAMPLES_KEPT) {
            samples.remove(0);
            samplesDropped++;
        }
    }

    void addUnreadableLine() {
        unreadableLines++;
    }

    private static void forget(List<? extends MetricsLine> lines, int fromStep) {
        while (!lines.isEmpty() && lines.get(lines.size() - 1).step() >= fromStep) {
            lines.remove(lines.size() - 1);
        }
    }

    /** Returns the number of the last step, 0 before the first. */
    public int lastStep() {
        return steps.isEmpty() ? 0 : steps.get(steps.size() - 1).step();
    }

    /**
     * Returns the last evaluation that was the best one, or null if there is none. It need not have the lowest loss:
     * the last one may be of more batches.
     */
    public @Nullable EvaluationLine best() {
        EvaluationLine best = null;
        for (EvaluationLine evaluation : evaluations) {
            if (evaluation.best() || best == null) {
                best = evaluation;
            }
        }
        return best;
    }

    /** Returns the number of sets of samples that were not kept. */
    public int samplesDropped() {
        return samplesDropped;
    }

    /** Returns the number of lines that are not metrics. */
    public int unreadableLines() {
        return unreadableLines;
    }
}

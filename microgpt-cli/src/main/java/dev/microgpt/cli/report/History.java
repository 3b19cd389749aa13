package dev.microgpt.cli.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The metrics so far. If a run was resumed and repeated some steps, the later lines replace the earlier ones. */
final class History {
    /** The number of sets of samples that are kept, the newest; a page has no room for more. */
    static final int SAMPLES_KEPT = 200;

    final Column steps = new Column();
    final Column losses = new Column();
    final Column learningRates = new Column();
    final Column gradientNorms = new Column();
    final Column tokensPerSecond = new Column();
    final List<EvaluationLine> evaluations = new ArrayList<>();

    /** In ascending order of steps. */
    final Deque<SamplesLine> samples = new ArrayDeque<>();

    private int samplesDropped;
    private int unreadableLines;

    /** Adds a step; missing numbers are NaN. */
    void addStep(int step, double loss, double learningRate, double gradientNorm, double perSecond) {
        if (step <= lastStep()) {
            forgetFrom(step);
        }
        steps.add(step);
        losses.add(loss);
        learningRates.add(learningRate);
        gradientNorms.add(gradientNorm);
        tokensPerSecond.add(perSecond);
    }

    /** Adds an evaluation; replaces an earlier one of the same step. */
    void addEvaluation(EvaluationLine evaluation) {
        forgetEvaluationsFrom(evaluation.step());
        evaluations.add(evaluation);
    }

    /** Adds samples; replaces earlier ones of the same step. */
    void addSamples(SamplesLine line) {
        forgetSamplesFrom(line.step());
        samples.addLast(line);
        if (samples.size() > SAMPLES_KEPT) {
            samples.removeFirst();
            samplesDropped++;
        }
    }

    void addUnreadableLine() {
        unreadableLines++;
    }

    private void forgetFrom(int step) {
        int kept = steps.size();
        while (kept > 0 && steps.get(kept - 1) >= step) {
            kept--;
        }
        steps.cutAt(kept);
        losses.cutAt(kept);
        learningRates.cutAt(kept);
        gradientNorms.cutAt(kept);
        tokensPerSecond.cutAt(kept);
        forgetEvaluationsFrom(step);
        forgetSamplesFrom(step);
    }

    private void forgetEvaluationsFrom(int step) {
        while (!evaluations.isEmpty() && evaluations.get(evaluations.size() - 1).step() >= step) {
            evaluations.remove(evaluations.size() - 1);
        }
    }

    private void forgetSamplesFrom(int step) {
        while (!samples.isEmpty() && samples.getLast().step() >= step) {
            samples.removeLast();
        }
    }

    /** Returns the number of the last step, 0 before the first. */
    int lastStep() {
        return steps.size() == 0 ? 0 : (int) steps.get(steps.size() - 1);
    }

    /** Returns the evaluation with the lowest loss, the first of equal ones, or null if there is none. */
    @Nullable
    EvaluationLine best() {
        EvaluationLine best = null;
        for (EvaluationLine evaluation : evaluations) {
            if (best == null || evaluation.loss() < best.loss()) {
                best = evaluation;
            }
        }
        return best;
    }

    /** Returns the number of sets of samples that were not kept. */
    int samplesDropped() {
        return samplesDropped;
    }

    /** Returns the number of lines that are not metrics. */
    int unreadableLines() {
        return unreadableLines;
    }
}

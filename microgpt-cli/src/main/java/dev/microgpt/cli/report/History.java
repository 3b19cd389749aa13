package dev.microgpt.cli.report;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the metrics say so far. Where a run went on from a checkpoint, and did some steps once more, the later ones take
 * the place of the former.
 */
final class History {
    /** So many sets of samples are kept, the newest: a page has room for no more. */
    static final int SAMPLES_KEPT = 200;

    final Column steps = new Column();
    final Column losses = new Column();
    final Column learningRates = new Column();
    final Column gradientNorms = new Column();
    final Column tokensPerSecond = new Column();
    final List<EvaluationLine> evaluations = new ArrayList<>();

    /** The newest last. */
    final Deque<SamplesLine> samples = new ArrayDeque<>();

    private int samplesDropped;
    private int unreadableLines;

    /** Adds a step; numbers that are missing are NaN. */
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

    /** Adds an evaluation, in the place of a former one of the same step. */
    void addEvaluation(EvaluationLine evaluation) {
        forgetEvaluationsFrom(evaluation.step());
        evaluations.add(evaluation);
    }

    /** Adds samples, in the place of former ones of the same step. */
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

    /** The number of the last step, 0 before the first. */
    int lastStep() {
        return steps.size() == 0 ? 0 : (int) steps.get(steps.size() - 1);
    }

    /** The evaluation with the lowest loss, the first of equal ones, or null if there is none. */
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

    /** How many sets of samples were not kept. */
    int samplesDropped() {
        return samplesDropped;
    }

    /** How many lines of the file are not metrics. */
    int unreadableLines() {
        return unreadableLines;
    }
}

package dev.microgpt.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The losses of a training run so far, in little memory: the curve of the training loss has at most 128 points, each of
 * which is the mean of equally many steps.
 *
 * <p>Add it to a {@link Trainer} and an {@link Evaluator} as a listener; {@link Verdict#of} then says whether more
 * steps will help. Steps without targets are left out. Confined to one thread at a time.
 */
public final class LossHistory implements TrainingListener {
    private static final int MOST_POINTS = 128;

    private final RecentMean recent = new RecentMean();
    private final double[] sums = new double[MOST_POINTS];
    private final int[] firstSteps = new int[MOST_POINTS];
    private final List<Evaluation> evaluations = new ArrayList<>();
    private int points;
    private int stepsPerPoint = 1;
    private int stepsInLast;
    private long steps;
    private int lastStep;
    private double lowest = Double.NaN;
    private int lowestStep;

    /** Creates the history of a run before its first step. */
    public LossHistory() {}

    @Override
    public void onStep(TrainingStep step) {
        if (step.tokens() == 0) {
            return;
        }
        addToCurve(step);
        steps++;
        lastStep = step.number();
        recent.add(step.loss());
        // before, the mean is that of few steps, and low by chance
        if (steps >= RecentMean.NUMBERS && !(recent.value() >= lowest)) {
            lowest = recent.value();
            lowestStep = lastStep;
        }
    }

    private void addToCurve(TrainingStep step) {
        if (points == 0 || stepsInLast == stepsPerPoint) {
            if (points == MOST_POINTS) {
                joinPairs();
            }
            sums[points] = 0;
            firstSteps[points] = step.number();
            points++;
            stepsInLast = 0;
        }
        sums[points - 1] += step.loss();
        stepsInLast++;
    }

    private void joinPairs() {
        points /= 2;
        stepsPerPoint *= 2;
        for (int i = 0; i < points; i++) {
            sums[i] = sums[2 * i] + sums[2 * i + 1];
            firstSteps[i] = firstSteps[2 * i];
        }
    }

    /** Adds an evaluation, which must be of the same batches as the others. */
    @Override
    public void onEvaluation(Evaluation evaluation) {
        evaluations.add(evaluation);
    }

    /** {@return the number of the last step; 0 before the first} */
    public int lastStep() {
        return lastStep;
    }

    /** {@return the {@linkplain RecentMean mean} of recent training losses, in nats; NaN before the first step} */
    public double recentLoss() {
        return recent.value();
    }

    /** {@return the lowest mean of recent steps, from the 20th step of this history on; NaN before that} */
    public double lowestLoss() {
        return lowest;
    }

    /** {@return the step after which the mean of recent steps was lowest; 0 before the 20th} */
    public int lowestStep() {
        return lowestStep;
    }

    /** {@return the evaluations, in their order; a copy} */
    public List<Evaluation> evaluations() {
        return List.copyOf(evaluations);
    }

    /**
     * Returns the curve of the training loss.
     *
     * @return at most 128 means in nats, each of equally many steps; the last one may be of fewer
     */
    public double[] curve() {
        double[] means = wholePoints();
        if (means.length < points) {
            means = Arrays.copyOf(means, points);
            means[points - 1] = sums[points - 1] / stepsInLast;
        }
        return means;
    }

    /** Returns the means of equally many steps each, without the rest. */
    double[] wholePoints() {
        double[] means = new double[stepsInLast == stepsPerPoint ? points : Math.max(0, points - 1)];
        for (int i = 0; i < means.length; i++) {
            means[i] = sums[i] / stepsPerPoint;
        }
        return means;
    }

    /** Returns the number of the first step of a point. */
    int firstStepOf(int point) {
        return firstSteps[point];
    }
}

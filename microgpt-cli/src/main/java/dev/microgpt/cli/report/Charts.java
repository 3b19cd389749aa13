package dev.microgpt.cli.report;

import dev.microgpt.train.internal.metrics.EvaluationLine;
import dev.microgpt.train.internal.metrics.History;
import dev.microgpt.train.internal.metrics.StepLine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** The charts of a run: loss, learning rate, gradient norm and speed, as far as there are numbers. */
final class Charts {
    /** The largest number of points of a curve. */
    static final int MOST_POINTS = 2000;

    private static final int TALL = 300;
    private static final int LOW = 180;
    private static final int INTERVALS_OF_STEPS = 5;
    private static final int INTERVALS = 5;

    // above this ratio of highest value to median, a linear axis would show a peak and a flat line
    private static final double LOGARITHMIC_FROM = 10;

    private final History history;
    private final Axis x;

    Charts(History history) {
        this.history = history;
        this.x = steps(history);
    }

    private static Axis steps(History history) {
        double first = history.steps.isEmpty() ? 0 : history.steps.get(0).step();
        double last = history.lastStep();
        for (EvaluationLine evaluation : history.evaluations) {
            first = Math.min(first, evaluation.step());
            last = Math.max(last, evaluation.step());
        }
        double start = first <= 1 ? 0 : first;
        return Axis.ofSteps(start, Math.max(last, start + 1), INTERVALS_OF_STEPS);
    }

    /** Returns whether the curves have fewer points than there are steps. */
    boolean areThinned() {
        return history.steps.size() > MOST_POINTS;
    }

    /**
     * Returns the charts.
     *
     * @param vocabSize the number of tokens, which gives the loss of guessing uniformly
     */
    List<Chart> all(int vocabSize) {
        List<Chart> charts = new ArrayList<>();
        List<Curve> losses = withMean(curve("training loss of one step", StepLine::loss));
        Curve validation = Curve.of("validation loss", Curve.VALIDATION, history.evaluations, EvaluationLine::loss);
        if (validation.size() > 0) {
            losses.add(validation.at(Thinning.indices(validation.values(), MOST_POINTS)));
        }
        if (!losses.isEmpty()) {
            charts.add(loss(losses, guessing(losses, vocabSize)));
        }
        Curve rates = curve("learning rate", StepLine::learningRate);
        add(
                charts,
                "rate",
                "Learning rate",
                List.of(rates.at(Thinning.indices(rates.values(), MOST_POINTS)).drawnAs(Curve.STRONG)));
        add(charts, "norm", "Gradient norm", withMean(curve("each step", StepLine::gradientNorm)));
        add(charts, "speed", "Tokens per second", withMean(curve("each step", StepLine::tokensPerSecond)));
        return charts;
    }

    private Curve curve(String name, ToDoubleFunction<StepLine> value) {
        return Curve.of(name, Curve.EACH, history.steps, value);
    }

    private List<Curve> withMean(Curve each) {
        List<Curve> curves = new ArrayList<>();
        if (each.size() > 0) {
            int[] drawn = Thinning.indices(each.values(), MOST_POINTS);
            curves.add(each.at(drawn));
            curves.add(each.means().at(drawn));
        }
        return curves;
    }

    private Chart loss(List<Curve> curves, Chart.@Nullable Mark guessing) {
        double low = lowest(curves);
        double high = highest(curves);
        if (guessing != null) {
            low = Math.min(low, guessing.value());
            high = Math.max(high, guessing.value());
        }
        return new Chart("loss", "Loss (nats per token)", TALL, x, Axis.around(low, high, INTERVALS), curves, guessing);
    }

    /** Returns the loss of guessing uniformly, or null if it is so far from the curves that these would become flat. */
    private static Chart.@Nullable Mark guessing(List<Curve> curves, int vocabSize) {
        double loss = StrictMath.log(vocabSize);
        double low = lowest(curves);
        double high = highest(curves);
        double room = Math.max(high - low, 1);
        if (loss < low - room || loss > high + room) {
            return null;
        }
        return new Chart.Mark(loss, "guessing among " + Numbers.grouped(vocabSize) + ": " + Numbers.fixed(loss, 2));
    }

    private void add(List<Chart> charts, String id, String title, List<Curve> curves) {
        if (curves.isEmpty() || curves.get(0).size() == 0) {
            return;
        }
        double low = lowest(curves);
        double high = highest(curves);
        double middle = median(curves.get(0));
        boolean logarithmic = low > 0 && id.equals("norm") && high > LOGARITHMIC_FROM * middle;
        Axis y = logarithmic ? Axis.logarithmic(low, high) : Axis.around(Math.min(0, low), high, INTERVALS - 1);
        charts.add(new Chart(id, logarithmic ? title + " (logarithmic)" : title, LOW, x, y, curves, null));
    }

    private static double median(Curve curve) {
        double[] sorted = curve.values().clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double lowest(List<Curve> curves) {
        double lowest = Double.POSITIVE_INFINITY;
        for (Curve curve : curves) {
            lowest = Math.min(lowest, curve.lowest());
        }
        return lowest;
    }

    private static double highest(List<Curve> curves) {
        double highest = Double.NEGATIVE_INFINITY;
        for (Curve curve : curves) {
            highest = Math.max(highest, curve.highest());
        }
        return highest;
    }
}

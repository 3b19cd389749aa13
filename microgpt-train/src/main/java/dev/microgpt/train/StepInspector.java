package dev.microgpt.train;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.train.internal.Largest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;

/** Copies the numbers of a step while it is done. */
final class StepInspector {
    /** Half the distance of the two losses: truncation, h², and rounding, 1e-16 / h, are then both near 1e-10. */
    private static final double H = 1e-5;

    private final List<Parameter> parameters;
    private final int differences;
    private final List<Seen> seen = new ArrayList<>();

    StepInspector(List<Parameter> parameters, int differences) {
        if (differences < 0) {
            throw new IllegalArgumentException(
                    "inspect: the number of differences is " + differences + ", but must be at least 0");
        }
        this.parameters = parameters;
        this.differences = differences;
    }

    /** Copies weights and gradients, and estimates some of these; {@code loss} computes the loss of the step. */
    void beforeUpdate(DoubleSupplier loss) {
        for (Parameter parameter : parameters) {
            double[] gradient = parameter.grad().clone();
            int[] probes = largest(gradient, differences);
            double[] estimates = new double[probes.length];
            for (int i = 0; i < probes.length; i++) {
                estimates[i] = difference(parameter, probes[i], loss);
            }
            seen.add(new Seen(parameter, parameter.toArray(), gradient, probes, estimates));
        }
    }

    private static int[] largest(double[] gradient, int count) {
        if (count >= gradient.length) {
            return IntStream.range(0, gradient.length).toArray();
        }
        double[] sizes = new double[gradient.length];
        Arrays.setAll(sizes, i -> Math.abs(gradient[i]));
        int[] largest = Largest.of(count, sizes);
        Arrays.sort(largest);
        return largest;
    }

    private double difference(Parameter parameter, int index, DoubleSupplier loss) {
        ParameterUpdates.begin(parameters);
        double[] data = parameter.data();
        double before = data[index];
        try {
            data[index] = before + H;
            double above = loss.getAsDouble();
            data[index] = before - H;
            return (above - loss.getAsDouble()) / (2 * H);
        } finally {
            data[index] = before;
            ParameterUpdates.end(parameters);
        }
    }

    InspectedStep inspected(TrainingStep done) {
        List<InspectedStep.Weights> weights = new ArrayList<>();
        for (Seen one : seen) {
            Parameter parameter = one.parameter;
            weights.add(new InspectedStep.Weights(
                    parameter.name(),
                    parameter.shape(),
                    one.before,
                    one.gradient,
                    parameter.toArray(),
                    one.probes,
                    one.differences));
        }
        return new InspectedStep(done, List.copyOf(weights));
    }

    private record Seen(Parameter parameter, double[] before, double[] gradient, int[] probes, double[] differences) {}
}

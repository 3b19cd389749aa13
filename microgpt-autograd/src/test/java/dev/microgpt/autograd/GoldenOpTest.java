package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.op.BinaryCrossEntropyWithLogits;
import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.autograd.op.Embedding;
import dev.microgpt.autograd.op.LayerNorm;
import dev.microgpt.autograd.op.Linear;
import dev.microgpt.autograd.op.LogSoftmax;
import dev.microgpt.autograd.op.MatMul;
import dev.microgpt.autograd.op.MeanSquaredError;
import dev.microgpt.autograd.op.RmsNorm;
import dev.microgpt.autograd.op.RmsNormGain;
import dev.microgpt.autograd.op.Rotary;
import dev.microgpt.autograd.op.RotaryTable;
import dev.microgpt.autograd.op.Softmax;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Outputs and gradients against PyTorch in float64: {@code torch-ops.txt} says which version and how to make it again.
 *
 * <p>Differences cannot see a constant that is wrong forward and backward alike; another engine can.
 */
class GoldenOpTest {
    /**
     * As a part of the largest number, for another order of a few dozen additions. The worst of all is a mean of 63
     * numbers that nearly cancel, with 1.7e-15; products, norms and attention stay below 6e-16.
     */
    private static final double TOLERANCE = 5e-15;

    static List<TorchFigures.Case> cases() {
        return TorchFigures.read();
    }

    @Test
    void allCasesAreRead() {
        assertEquals(99, cases().size());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void outputAndGradientsAreThoseOfTorch(TorchFigures.Case torch, TestReporter reporter) {
        boolean equalBits = ElementFigures.EQUAL_BITS.contains(torch.toString())
                || ShapeFigures.OPERATIONS.containsKey(torch.toString());
        double tolerance = equalBits ? 0 : TOLERANCE;
        Tape tape = Tape.training();
        Tensor y = tape.apply(operation(torch));
        tape.backward(y, torch.numbers("dy"));
        double worst = difference(torch.numbers("output"), y.toArray(), tolerance, torch + ", output");
        for (Parameter input : torch.inputs) {
            String gradient = "gradient " + input.name();
            worst = Math.max(
                    worst, difference(torch.numbers(gradient), input.grad(), tolerance, torch + ", " + gradient));
        }
        reporter.publishEntry(torch.toString(), "largest difference " + worst);
    }

    private static Op operation(TorchFigures.Case torch) {
        List<Parameter> in = torch.inputs;
        String name = torch.toString().replaceAll(" (of|by) [a-z]+s$", "");
        Function<List<Parameter>, Op> element = ElementFigures.OPERATIONS.get(name);
        if (element != null) {
            return element.apply(in);
        }
        Function<TorchFigures.Case, Op> shape = ShapeFigures.OPERATIONS.get(name);
        if (shape != null) {
            return shape.apply(torch);
        }
        return switch (name) {
            case "linear" -> new Linear(in.get(0), in.get(1), null);
            case "linear with bias" -> new Linear(in.get(0), in.get(1), in.get(2));
            case "matmul" -> new MatMul(in.get(0), in.get(1));
            case "rmsNorm" -> new RmsNorm(in.get(0), 1e-5);
            case "rmsNormGain" -> new RmsNormGain(in.get(0), in.get(1), 1e-5);
            case "layerNorm" -> new LayerNorm(in.get(0), in.get(1), null, 1e-5);
            case "layerNorm with bias" -> new LayerNorm(in.get(0), in.get(1), in.get(2), 1e-5);
            case "softmax" -> new Softmax(in.get(0));
            case "logSoftmax" -> new LogSoftmax(in.get(0));
            case "meanSquaredError" -> new MeanSquaredError(in.get(0), in.get(1));
            case "binaryCrossEntropyWithLogits" ->
                new BinaryCrossEntropyWithLogits(
                        in.get(0),
                        IntStream.of(torch.ints("tenths"))
                                .mapToDouble(tenths -> tenths / 10.0)
                                .toArray());
            case "crossEntropy" -> new CrossEntropy(in.get(0), torch.ints("targets"), torch.ints("targets").length);
            case "attention", "attention, packed", "attention, packed with a past" ->
                new CausalAttention(
                        in.get(0),
                        in.get(1),
                        in.get(2),
                        torch.ints("heads")[0],
                        Sequences.ofLengths(torch.ints("queries")),
                        Sequences.ofLengths(torch.ints("keys")));
            case "rotary", "rotary, heads", "rotary, theta 1e6", "rotary, pairs" ->
                new Rotary(
                        in.get(0),
                        torch.ints("heads")[0],
                        new RotaryTable(
                                in.get(0).shape().columns() / torch.ints("heads")[0], torch.ints("theta")[0], 100),
                        torch.ints("positions"));
            case "embedding" -> new Embedding(in.get(0), torch.ints("ids"));
            default -> throw new IllegalArgumentException(torch.toString());
        };
    }

    /** Returns the largest difference as a part of the largest number, and refuses more than the tolerance. */
    private static double difference(double[] expected, double[] found, double tolerance, String what) {
        assertEquals(expected.length, found.length, what);
        double largest = 0;
        for (double number : expected) {
            largest = Math.max(largest, Math.abs(number));
        }
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(expected[i] - found[i]);
            assertTrue(
                    difference <= tolerance * largest,
                    what + " at " + i + " is " + found[i] + ", torch has " + expected[i]);
            worst = Math.max(worst, difference == 0 ? 0 : difference / largest);
        }
        return worst;
    }
}

package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Operations;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The operations of {@link RowBenchmark}, each with the numbers that it must read and write at least for each element,
 * forward and backward, and with its definition for a single element.
 *
 * <p>Forward reads each input and writes the result, unless that is a single number. Backward reads the gradient of the
 * result, unless that is a single number; reads the input or the result if the derivative depends on it; and reads and
 * writes the gradient of each input, to which it adds. Gains, the mean and scale of a row, targets and identifiers are
 * few, and the mask of dropout is computed, so they are not counted. The table of embeddings is counted by the rows
 * that are taken, although most come from the cache.
 */
enum RowOperation {
    RMS_NORM(2, 4, (tape, in) -> tape.rmsNorm(in.x, RowInputs.EPS), RowOperation::rmsNorm, in -> List.of(in.x)),
    RMS_NORM_GAIN(
            2,
            4,
            (tape, in) -> tape.rmsNorm(in.x, in.gain, RowInputs.EPS),
            (in, t, c) -> rmsNorm(in, t, c) * in.gain.data()[c],
            in -> List.of(in.x, in.gain)),
    LAYER_NORM(
            2,
            4,
            (tape, in) -> tape.layerNorm(in.x, in.gain, null, RowInputs.EPS),
            RowOperation::layerNorm,
            in -> List.of(in.x, in.gain)),
    SOFTMAX(
            2,
            4,
            (tape, in) -> tape.softmax(in.x),
            (in, t, c) -> StrictMath.exp(in.x(t, c)) / sumOfExp(in, t),
            in -> List.of(in.x)),
    CROSS_ENTROPY(
            1,
            3,
            (tape, in) -> tape.crossEntropy(in.x, in.targets),
            (in, t, c) -> meanCrossEntropy(in), // the only element
            in -> List.of(in.x)),
    GELU(
            2,
            4,
            (tape, in) -> tape.gelu(in.x),
            (in, t, c) -> 0.5 * in.x(t, c) * (1 + ErfSeries.erf(in.x(t, c) / Math.sqrt(2))),
            in -> List.of(in.x)),
    GELU_TANH(2, 4, (tape, in) -> tape.geluTanh(in.x), (in, t, c) -> geluTanh(in.x(t, c)), in -> List.of(in.x)),
    SILU(
            2,
            4,
            (tape, in) -> tape.silu(in.x),
            (in, t, c) -> in.x(t, c) / (1 + StrictMath.exp(-in.x(t, c))),
            in -> List.of(in.x)),
    RELU(2, 4, (tape, in) -> tape.relu(in.x), (in, t, c) -> in.x(t, c) > 0 ? in.x(t, c) : 0, in -> List.of(in.x)),
    RELU_SQUARED(
            2,
            4,
            (tape, in) -> tape.reluSquared(in.x),
            (in, t, c) -> in.x(t, c) > 0 ? in.x(t, c) * in.x(t, c) : 0,
            in -> List.of(in.x)),
    DROPOUT(
            2,
            3,
            (tape, in) -> tape.dropout(in.x, in.sequence, in.mask),
            (in, t, c) -> in.isDropped(t, c) ? 0 : in.x(t, c) / (1 - RowInputs.DROPOUT),
            in -> List.of(in.x)),
    ADD(
            3,
            5,
            (tape, in) -> tape.add(in.x, in.other),
            (in, t, c) -> in.x(t, c) + in.other.data()[t * in.columns + c],
            in -> List.of(in.x, in.other)),
    EMBEDDING(
            2,
            3,
            (tape, in) -> tape.embedding(in.table, in.ids),
            (in, t, c) -> in.table.data()[in.ids[t] * in.columns + c],
            in -> List.of(in.table));

    private final int forward;
    private final int backward;
    private final BiFunction<Operations, RowInputs, Tensor> operation;
    private final Definition definition;
    private final Function<RowInputs, List<Parameter>> inputs;

    /** The value at row {@code t}, column {@code c}. */
    @FunctionalInterface
    private interface Definition {
        double at(RowInputs in, int t, int c);
    }

    RowOperation(
            int forward,
            int backward,
            BiFunction<Operations, RowInputs, Tensor> operation,
            Definition definition,
            Function<RowInputs, List<Parameter>> inputs) {
        this.forward = forward;
        this.backward = backward;
        this.operation = operation;
        this.definition = definition;
        this.inputs = inputs;
    }

    /** The numbers that are read and written for each element, forward and backward. */
    int numbers() {
        return forward + backward;
    }

    Tensor record(Operations tape, RowInputs in) {
        return operation.apply(tape, in);
    }

    /** The value at row {@code t}, column {@code c}. */
    double expected(RowInputs in, int t, int c) {
        return definition.at(in, t, c);
    }

    /** The inputs that have a gradient. */
    List<Parameter> inputs(RowInputs in) {
        return inputs.apply(in);
    }

    private static double rmsNorm(RowInputs in, int t, int c) {
        double squares = 0;
        for (int i = 0; i < in.columns; i++) {
            squares += in.x(t, i) * in.x(t, i);
        }
        return in.x(t, c) / Math.sqrt(squares / in.columns + RowInputs.EPS);
    }

    private static double geluTanh(double x) {
        return 0.5 * x * (1 + StrictMath.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    private static double layerNorm(RowInputs in, int t, int c) {
        double mean = 0;
        for (int i = 0; i < in.columns; i++) {
            mean += in.x(t, i) / in.columns;
        }
        double variance = 0;
        for (int i = 0; i < in.columns; i++) {
            variance += (in.x(t, i) - mean) * (in.x(t, i) - mean) / in.columns;
        }
        return (in.x(t, c) - mean)
                / Math.sqrt(variance + RowInputs.EPS)
                * in.gain.data()[c];
    }

    private static double meanCrossEntropy(RowInputs in) {
        double sum = 0;
        for (int i = 0; i < in.rows; i++) {
            sum += StrictMath.log(sumOfExp(in, i)) - in.x(i, in.targets[i]);
        }
        return sum / in.rows;
    }

    private static double sumOfExp(RowInputs in, int t) {
        double sum = 0;
        for (int i = 0; i < in.columns; i++) {
            sum += StrictMath.exp(in.x(t, i));
        }
        return sum;
    }
}

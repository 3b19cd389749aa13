package dev.microgpt.cli.run;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Parameters;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The heap that the tapes of a model with parts of other projects take: that of one sequence on a real tape, times the
 * number of sequences. Of a GPT, one layer and two are measured, and the difference counts for each further layer. That
 * takes less time than a step of the run.
 */
final class MeasuredNeed {
    /** A longer sequence is extrapolated from 1/2, 3/4 and all of this length. */
    private static final int LONG = 1024;

    private static final String STACK_TRACE = "--stacktrace prints where";

    private final ModelConfig config;
    private final boolean training;

    private MeasuredNeed(ModelConfig config, boolean training) {
        this.config = config;
        this.training = training;
    }

    /**
     * Adds the arrays of a training step and of an evaluation.
     *
     * @param rows      the number of tokens in a micro-batch
     * @param evaluated the number of tokens evaluated at a time, or 0
     * @param longest   the number of tokens in the longest sequence
     */
    static void add(ModelConfig config, double rows, double evaluated, int longest, HeapNeed heap) {
        heap.add(rows / longest, new MeasuredNeed(config, true).numbers(longest));
        double inference = new MeasuredNeed(config, false).numbers(longest);
        heap.add(evaluated / longest, inference);
        heap.add(1, inference); // no less than what a decoder remembers of a sample
    }

    /** Trains one layer or two on one token, to find out whether the parts of the model work at all. */
    static void tryOut(ModelConfig config) {
        new MeasuredNeed(config, true).measured(1);
    }

    /**
     * Returns more bytes than a training run takes with any reasonable part, without a measurement.
     *
     * @param rows the number of tokens in a micro-batch
     */
    static double most(ModelConfig config, double rows) {
        double parameters = config.parameterCount();
        double layers = config instanceof GptConfig gpt ? gpt.nLayer() : 1;
        double heads = config instanceof GptConfig gpt ? gpt.nHead() : 1;
        ModelConfig counted = config instanceof GptConfig gpt ? gpt.withLayers(1) : config;
        double row = 0;
        for (Shape parameter : counted.shapes().values()) {
            row += Math.max(parameter.rows(), parameter.columns());
        }
        return Double.BYTES * (4 * parameters + 16 * rows * layers * (row + heads * config.blockSize()));
    }

    /** Returns the numbers that the tape of one sequence holds. */
    private double numbers(int length) {
        if (length <= LONG) {
            return measured(length);
        }
        // a polynomial of the second degree, since attention may keep its probabilities
        double half = measured(LONG / 2);
        double more = measured(3 * LONG / 4);
        double all = measured(LONG);
        double x = 4.0 * length / LONG;
        return half * (x - 3) * (x - 4) / 2 - more * (x - 2) * (x - 4) + all * (x - 2) * (x - 3) / 2;
    }

    private double measured(int length) {
        if (config instanceof GptConfig gpt && gpt.nLayer() > 2) {
            double one = measured(gpt.withLayers(1), length);
            return one + (gpt.nLayer() - 1.0) * (measured(gpt.withLayers(2), length) - one);
        }
        return measured(config, length);
    }

    private double measured(ModelConfig config, int length) {
        Tape tape = training ? Tape.training() : Tape.inference();
        try {
            run(config, tape, length);
        } catch (RuntimeException | LinkageError failure) { // here rather than after an hour of training
            CliException refusal =
                    new CliException(ExitCode.USAGE, "a part of the model failed with " + failure, STACK_TRACE);
            refusal.initCause(failure);
            throw refusal;
        }
        return tape.bufferedNumbers();
    }

    private static void run(ModelConfig config, Tape tape, int length) {
        Map<String, Tensor> zeros = new HashMap<>(); // to draw the weights of a large model takes seconds
        for (Map.Entry<String, Shape> parameter : config.shapes().entrySet()) {
            Shape shape = parameter.getValue();
            zeros.put(parameter.getKey(), Tensor.constant(shape, new double[shape.size()]));
        }
        LanguageModel model = config.create(Parameters.from(zeros));
        Batch batch = Batch.forTraining(List.of(new int[length + 1]));
        Tensor loss = tape.crossEntropy(model.forward(tape, batch), batch.targets());
        if (tape.keepsGradients()) {
            tape.backward(loss);
        }
    }
}

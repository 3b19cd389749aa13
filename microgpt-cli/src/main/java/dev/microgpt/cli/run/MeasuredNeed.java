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
import java.util.TreeMap;

/**
 * The heap that the tapes of a model with parts of other projects take: that of one sequence on a real tape, times the
 * number of sequences. Of a GPT, one layer and two are measured, and the difference counts for each further layer. That
 * takes less time than a step of the run.
 */
final class MeasuredNeed {
    /** A longer sequence is extrapolated from 1/2, 3/4 and all of this length. */
    private static final int LONG = 1024;

    /** The number of tokens that saving a model with parts of others computes. */
    private static final int PROBED = 256;

    private static final String STACK_TRACE = "--stacktrace prints where";

    private final ModelConfig config;
    private final boolean training;

    private MeasuredNeed(ModelConfig config, boolean training) {
        this.config = config;
        this.training = training;
    }

    /**
     * Adds the arrays of a training step, of an evaluation, of a sample and of saving.
     *
     * @param rows      the number of tokens in a micro-batch
     * @param evaluated the number of tokens evaluated at a time, or 0
     * @param longest   the number of tokens in the longest sequence
     */
    static void add(ModelConfig config, double rows, double evaluated, int longest, HeapNeed heap) {
        new MeasuredNeed(config, true).add(longest, rows / longest, heap);
        MeasuredNeed inference = new MeasuredNeed(config, false);
        inference.add(longest, evaluated / longest, heap);
        inference.add(longest, 1, heap); // no less than what a decoder remembers of a sample
        inference.add(Math.min(longest, PROBED), 1, heap); // what saving computes, to recognize the parts again
    }

    /** Trains one layer or two on one token, to find out whether the parts of the model work at all. */
    static void tryOut(ModelConfig config) {
        new MeasuredNeed(config, true).sizes(1);
    }

    /**
     * Returns more bytes than a training run takes with any reasonable part, without a measurement.
     *
     * @param optimizer the numbers that the optimizer keeps for each parameter
     * @param rows      the number of tokens in a micro-batch
     */
    static double most(ModelConfig config, double optimizer, double rows) {
        double parameters = config.parameterCount();
        double layers = config instanceof GptConfig gpt ? gpt.nLayer() : 1;
        double heads = config instanceof GptConfig gpt ? gpt.nHead() : 1;
        ModelConfig counted = config instanceof GptConfig gpt ? gpt.withLayers(1) : config;
        double row = 0;
        for (Shape parameter : counted.shapes().values()) {
            row += Math.max(parameter.rows(), parameter.columns());
        }
        return Double.BYTES * ((2 + optimizer) * parameters + 16 * rows * layers * (row + heads * config.blockSize()));
    }

    /** Adds the arrays of a tape with some sequences of one length. */
    private void add(int length, double sequences, HeapNeed heap) {
        double longer = 1;
        int measured = length;
        if (length > LONG) { // a polynomial of the second degree, since attention may keep its probabilities
            double half = numbers(sizes(LONG / 2));
            double more = numbers(sizes(3 * LONG / 4));
            double all = numbers(sizes(LONG));
            double x = 4.0 * length / LONG;
            double extrapolated = half * (x - 3) * (x - 4) / 2 - more * (x - 2) * (x - 4) + all * (x - 2) * (x - 3) / 2;
            longer = extrapolated / all;
            measured = LONG;
        }
        for (Map.Entry<Integer, Double> size : sizes(measured).entrySet()) {
            heap.add(size.getValue(), size.getKey() * longer * sequences);
        }
    }

    private static double numbers(Map<Integer, Double> sizes) {
        double numbers = 0;
        for (Map.Entry<Integer, Double> size : sizes.entrySet()) {
            numbers += size.getKey() * size.getValue();
        }
        return numbers;
    }

    /** Returns how many arrays of each size the tape of one sequence holds. */
    private Map<Integer, Double> sizes(int length) {
        Map<Integer, Double> sizes = new TreeMap<>();
        if (config instanceof GptConfig gpt && gpt.nLayer() > 2) {
            count(gpt.withLayers(1), length, 2.0 - gpt.nLayer(), sizes);
            count(gpt.withLayers(2), length, gpt.nLayer() - 1.0, sizes);
        } else {
            count(config, length, 1, sizes);
        }
        return sizes;
    }

    private void count(ModelConfig config, int length, double times, Map<Integer, Double> sizes) {
        Tape tape = training ? Tape.training() : Tape.inference();
        try {
            run(config, tape, length);
        } catch (RuntimeException | LinkageError failure) { // here rather than after an hour of training
            CliException refusal =
                    new CliException(ExitCode.USAGE, "a part of the model failed with " + failure, STACK_TRACE);
            refusal.initCause(failure);
            throw refusal;
        }
        for (int size : tape.bufferSizes()) {
            sizes.merge(size, times, Double::sum);
        }
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

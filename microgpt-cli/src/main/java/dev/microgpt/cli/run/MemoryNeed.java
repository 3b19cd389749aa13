package dev.microgpt.cli.run;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Positions;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.TrainingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The peak heap use of a training run in bytes, estimated before anything is allocated.
 *
 * @param state weights, gradients and two moments, which live as long as the run
 * @param step  the tapes of a step and of an evaluation, and the key-value cache of a sample
 * @param data  the training data
 */
public record MemoryNeed(double state, double step, double data) {
    /** The heap that the program itself uses, including the buffers of a few threads. */
    static final double PROGRAM = 6 << 20;

    /** The moments of Adam, for each parameter. */
    static final double ADAM = 2;

    private static final int MEGABYTE = 1 << 20;

    /** The widest parameter with which an optimizer is tried. */
    private static final int MOST_CHANNELS = 64;

    /**
     * Estimates a training run.
     *
     * @param optimizer the numbers that the optimizer keeps for each parameter
     * @param rows      the number of tokens in the largest micro-batch
     * @param evaluates whether there are evaluations, on a separate tape
     * @param data      the size of the training data in bytes
     * @param region    the size of a heap region in bytes, see {@link HeapNeed}
     */
    static MemoryNeed of(
            ModelConfig config, double optimizer, double rows, boolean evaluates, double data, double region) {
        HeapNeed step = new HeapNeed(region);
        double longest = Math.min(rows, config.blockSize());
        double evaluated = evaluates ? evaluated(config, rows, longest) : 0;
        if (config instanceof GptConfig gpt && gpt.outside().isEmpty()) {
            TapeNeed.ofTraining(gpt, rows, longest, step);
            if (evaluates) {
                TapeNeed.ofInference(gpt, evaluated, longest, step);
            }
            double keys = (double) gpt.nKvHead() * gpt.headDim();
            step.add(2.0 * gpt.nLayer(), gpt.blockSize() * keys); // the keys and values of a sample
        } else {
            MeasuredNeed.add(config, rows, evaluated, (int) longest, step);
        }
        return new MemoryNeed(state(config, optimizer, region), step.bytes(), data);
    }

    /** Returns the number of tokens that an evaluation computes at a time. */
    private static double evaluated(ModelConfig config, double rows, double longest) {
        double sequences = Math.max(1, Math.floor(Evaluator.positionsAtATime(config) / longest));
        return Math.min(rows, sequences * longest);
    }

    /** Adds up all parameters; those of a layer once, since a command may ask for any number of layers. */
    private static double state(ModelConfig config, double optimizer, double region) {
        HeapNeed state = new HeapNeed(region);
        boolean isGpt = config instanceof GptConfig;
        double layers = config instanceof GptConfig gpt ? gpt.nLayer() : 1;
        for (Map.Entry<String, Shape> parameter : oneLayer(config).shapes().entrySet()) {
            double copies = isGpt && parameter.getKey().startsWith("layer0.") ? layers : 1;
            state.add((2 + optimizer) * copies, parameter.getValue().size());
        }
        return state.bytes();
    }

    double bytes() {
        return state + step + data + PROGRAM;
    }

    /**
     * Refuses a model or batch that cannot fit in memory.
     *
     * @param runs the number of runs that share the heap
     */
    public static void check(
            ModelConfig config, OptimizerType type, TrainingConfig training, TrainingData texts, int runs) {
        double optimizer = type.name().equals(OptimizerType.ADAM) ? ADAM : numbersAParameter(type, config, training);
        if (training.separateGradients() && training.gradientAccumulationSteps() > 1) {
            optimizer++; // their sum
        }
        boolean evaluates = texts.valFraction() > 0;
        double data = texts.heapBytes();
        double heap = (double) Runtime.getRuntime().maxMemory() / runs;
        double rows = (double) training.batchSize() * config.blockSize();
        double widest = config.vocabSize();
        if (config instanceof GptConfig gpt) {
            double queries = (double) gpt.nHead() * gpt.headDim();
            widest = Math.max(Math.max(widest, gpt.nInner()), Math.max(gpt.nEmbd(), queries));
            double positions =
                    gpt.positions() == Positions.NONE || gpt.positions() == Positions.ROPE ? 0 : gpt.blockSize();
            double tables = Math.max(Math.max(gpt.vocabSize(), positions), Math.max(gpt.nInner(), queries));
            checkArray("parameter", gpt.nEmbd() * Math.max(tables, gpt.nEmbd()));
        }
        boolean isOurs = config.outside().isEmpty(); // then the forward pass is known
        if (!isOurs && config.parameterCount() == Double.POSITIVE_INFINITY) {
            throw tooLarge("one of its parameters has more elements than an array holds, " + Integer.MAX_VALUE);
        }
        boolean surelyFits = isOurs
                ? 2 * of(config, optimizer, rows, evaluates, data, 0).bytes() <= heap // regions at most double it
                : data + 4 * MeasuredNeed.most(config, optimizer, rows) <= heap;
        if (!surelyFits) { // finding the size of regions, the lengths of documents and the size of a tape takes time
            rows = texts.mostTokens(training.batchSize(), config.blockSize());
            double region = HeapNeed.regionOfThisJvm();
            if (!isOurs) {
                checkFits(new MemoryNeed(state(config, optimizer, region), 0, data), rows, heap, runs);
            }
            checkFits(of(config, optimizer, rows, evaluates, data, region), rows, heap, runs);
        } else if (!isOurs) {
            MeasuredNeed.tryOut(config);
        }
        checkArray("result", rows * widest);
    }

    /** Creates an optimizer of small parameters like those of the model, and counts what it keeps for them. */
    private static double numbersAParameter(OptimizerType type, ModelConfig config, TrainingConfig training) {
        List<Parameter> small = new ArrayList<>();
        double numbers = 0;
        for (Map.Entry<String, Shape> parameter : oneLayer(config).shapes().entrySet()) {
            int[] dims = new int[parameter.getValue().rank()];
            for (int i = 0; i < dims.length; i++) {
                dims[i] = Math.min(parameter.getValue().dim(i), MOST_CHANNELS);
            }
            Shape shape = Shape.of(dims);
            small.add(new Parameter(parameter.getKey(), shape, new double[shape.size()]));
            numbers += shape.size();
        }
        double kept = 0;
        try {
            for (List<double[]> state :
                    OptimizerType.create(type, small, training).state().values()) {
                for (double[] array : state) {
                    kept += array.length;
                }
            }
        } catch (IllegalArgumentException unfit) {
            return ADAM; // refused soon, with its reason
        }
        return kept / numbers;
    }

    private static ModelConfig oneLayer(ModelConfig config) {
        return config instanceof GptConfig gpt ? gpt.withLayers(1) : config;
    }

    private static void checkFits(MemoryNeed need, double rows, double heap, int runs) {
        if (need.bytes() > heap) {
            throw tooLarge(need.message(rows) + ", the heap is limited to " + megabytes(heap) + " MB"
                    + (runs > 1 ? " for each of " + runs + " runs at a time" : ""));
        }
    }

    private String message(double rows) {
        return "the training run takes at least " + megabytes(bytes()) + " MB (" + megabytes(state)
                + " for weights, gradients and moments, " + megabytes(step) + " for steps of " + Format.fixed(rows, 0)
                + " tokens)";
    }

    private static void checkArray(String what, double numbers) {
        if (numbers > Integer.MAX_VALUE) {
            throw tooLarge("its largest " + what + " has " + Format.fixed(numbers, 0)
                    + " elements, but an array holds at most " + Integer.MAX_VALUE);
        }
    }

    private static String megabytes(double bytes) {
        return Format.fixed(bytes / MEGABYTE, 0);
    }

    private static CliException tooLarge(String why) {
        return new CliException(
                ExitCode.MEMORY,
                "the model or the batch does not fit in memory: " + why,
                "reduce --n-layer, --n-embd, --block-size or --batch-size, or give the JVM a larger heap, for example"
                        + " java -Xmx4g -jar microgpt.jar");
    }
}

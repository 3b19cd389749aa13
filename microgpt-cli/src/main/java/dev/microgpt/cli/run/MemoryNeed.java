package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.model.GptConfig;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.TrainingConfig;

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

    // weight, gradient and two moments
    private static final double ARRAYS_PER_PARAMETER = 4;

    private static final int MEGABYTE = 1 << 20;

    /**
     * Estimates a training run.
     *
     * @param rows      the number of tokens in the largest micro-batch
     * @param evaluates whether there are evaluations, on a separate tape
     * @param data      the size of the training data in bytes
     * @param region    the size of a heap region in bytes, see {@link HeapNeed}
     */
    static MemoryNeed of(GptConfig config, double rows, boolean evaluates, double data, double region) {
        HeapNeed step = new HeapNeed(region);
        double longest = Math.min(rows, config.blockSize());
        TapeNeed.ofTraining(config, rows, longest, step);
        if (evaluates) {
            double sequences = Math.max(1, Math.floor(Evaluator.positionsAtATime(config) / longest));
            TapeNeed.ofInference(config, Math.min(rows, sequences * longest), longest, step);
        }
        double positions = (double) config.blockSize() * config.nEmbd();
        step.add(2.0 * config.nLayer(), positions); // the key-value cache of a sample
        return new MemoryNeed(state(config, region), step.bytes(), data);
    }

    private static double state(GptConfig config, double region) {
        HeapNeed state = new HeapNeed(region);
        double channels = config.nEmbd();
        double layers = ARRAYS_PER_PARAMETER * config.nLayer();
        double tables = ARRAYS_PER_PARAMETER * (config.variant().tieHead() ? 1 : 2);
        state.add(tables, channels * config.vocabSize());
        state.add(ARRAYS_PER_PARAMETER, channels * config.blockSize());
        state.add(4 * layers, channels * channels);
        state.add(2 * layers, channels * config.nInner()); // biases and gains are negligible
        return state.bytes();
    }

    double bytes() {
        return state + step + data + PROGRAM;
    }

    /** Refuses a model or batch that cannot fit in memory. */
    public static void check(GptConfig config, TrainingConfig training, TrainingData texts) {
        boolean evaluates = texts.valFraction() > 0;
        double data = texts.heapBytes();
        double heap = Runtime.getRuntime().maxMemory();
        double rows = (double) training.batchSize() * config.blockSize();
        // regions at most double it; finding their size and the lengths of the documents takes time
        if (2 * of(config, rows, evaluates, data, 0).bytes() > heap) {
            rows = texts.mostTokens(training.batchSize(), config.blockSize());
            MemoryNeed need = of(config, rows, evaluates, data, HeapNeed.regionOfThisJvm());
            if (need.bytes() > heap) {
                throw tooLarge(need.message(rows) + ", the heap is limited to " + megabytes(heap) + " MB");
            }
        }
        double widest = Math.max((double) config.nInner(), config.vocabSize());
        checkArray("parameter", config.nEmbd() * Math.max(widest, config.blockSize()));
        checkArray("result", rows * Math.max(widest, config.nEmbd()));
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

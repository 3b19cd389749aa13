package dev.microgpt.model.check;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The model under check, random tokens for it, and the comparison of its logits. */
final class Subject {
    final ModelConfig config;
    final LanguageModel model;
    final long seed;
    final int vocabSize;
    final int blockSize;
    final Random random;

    private final Tape tape = Tape.inference();
    private final List<double[]> values = new ArrayList<>();

    Subject(LanguageModel model, ModelConfig config, long seed) {
        this.model = model;
        this.config = config;
        this.seed = seed;
        vocabSize = config.vocabSize();
        blockSize = config.blockSize();
        random = new Random(seed);
        for (Parameter parameter : model.parameters().all()) {
            values.add(parameter.toArray());
            Arrays.fill(parameter.grad(), mark(parameter));
        }
    }

    /** What all gradients hold before the first backward, to notice who changes them. */
    private static double mark(Parameter parameter) {
        return 0.5 + parameter.shape().size();
    }

    int[] tokens(int length) {
        return random.ints(length, 0, vocabSize).toArray();
    }

    /** Returns tokens all of which are others. */
    int[] changed(int[] tokens) {
        int[] changed = tokens.clone();
        for (int i = 0; i < tokens.length; i++) {
            changed[i] = (tokens[i] + 1 + random.nextInt(vocabSize - 1)) % vocabSize;
        }
        return changed;
    }

    /** Returns training sequences of all kinds of lengths: 1, 2, the block size twice, two that are equal. */
    List<int[]> sequences() {
        List<int[]> sequences = new ArrayList<>();
        int middle = (blockSize + 1) / 2;
        for (int length : new int[] {blockSize, 1, middle, Math.min(2, blockSize), 1 + random.nextInt(blockSize)}) {
            sequences.add(tokens(length + 1));
        }
        sequences.add(sequences.get(2).clone());
        sequences.add(tokens(blockSize + 1));
        return sequences;
    }

    /** Returns the logits of a sequence on its own: what it must have everywhere. */
    double[] alone(int... tokens) {
        return logits(model, tape, Batch.ofPrompt(tokens));
    }

    /** Resets a tape, computes logits on it and copies them. */
    double[] logits(LanguageModel of, Tape on, Batch batch) {
        String rule = "limits: it must accept every sequence of 1 to " + blockSize + " tokens, the block size";
        return logits(of, on, batch, rule);
    }

    /** Does so, with the rule that is broken if it fails. */
    double[] logits(LanguageModel of, Tape on, Batch batch, String rule) {
        on.reset();
        Sequences sequences = batch.sequences();
        Tensor logits;
        try {
            logits = of.forward(on, batch);
        } catch (RuntimeException failed) {
            throw failure(
                    "forward failed for " + sequences.count() + " sequences of up to " + sequences.longest()
                            + " tokens with " + failed + "; " + rule,
                    failed);
        }
        return checked(logits, sequences.rows());
    }

    /** Returns a copy of logits after a check of their shape and that they are finite. */
    double[] checked(Tensor logits, int rows) {
        Shape shape = Shape.of(rows, vocabSize);
        if (!logits.shape().equals(shape)) {
            throw failure("the logits have the shape " + logits.shape() + ", but must have " + shape
                    + ", a row for each position and a column for each token");
        }
        double[] copy = logits.toArray();
        for (int i = 0; i < copy.length; i++) {
            if (!Double.isFinite(copy[i])) {
                throw failure(logit(i) + " is " + copy[i] + ", but must be finite; FiniteCheck finds the operation that"
                        + " computed the first such number");
            }
        }
        return copy;
    }

    /**
     * Compares rows of logits bit for bit.
     *
     * @param rule        the rule, and how to keep it
     * @param found       the logits, of which the first compared row is {@code foundRow}
     * @param where       how they were computed
     * @param expected    what they must be, likewise
     * @param whereBefore how these were computed
     * @param rows        the number of rows
     */
    void same(
            String rule,
            double[] found,
            int foundRow,
            String where,
            double[] expected,
            int expectedRow,
            String whereBefore,
            int rows) {
        for (int i = 0; i < rows * vocabSize; i++) {
            double a = expected[expectedRow * vocabSize + i];
            double b = found[foundRow * vocabSize + i];
            if (Double.doubleToRawLongBits(a) != Double.doubleToRawLongBits(b)) {
                throw failure(logit(expectedRow * vocabSize + i) + " is " + b + " " + where + ", but " + a + " "
                        + whereBefore + "; " + rule);
            }
        }
    }

    private String logit(int index) {
        return "the logit of token " + index % vocabSize + " at position " + index / vocabSize;
    }

    /** Checks that parameters and gradients are as they were when this object was created. */
    void checkUnchanged(String who) {
        for (int p = 0; p < values.size(); p++) {
            Parameter parameter = model.parameters().all().get(p);
            double[] before = values.get(p);
            double[] after = parameter.data();
            double[] gradient = parameter.grad();
            for (int i = 0; i < before.length; i++) {
                checkSame(who, "the value", parameter, i, before[i], after[i]);
                checkSame(who, "the gradient", parameter, i, mark(parameter), gradient[i]);
            }
        }
    }

    private void checkSame(String who, String what, Parameter parameter, int i, double before, double after) {
        if (Double.doubleToRawLongBits(before) != Double.doubleToRawLongBits(after)) {
            throw failure(who + " changed " + what + " of " + parameter.name() + " " + parameter.shape() + " at index "
                    + i + " from " + before + " to " + after + "; function: only an optimizer changes parameters, and"
                    + " only backward changes gradients");
        }
    }

    AssertionError failure(String what) {
        return failure(config, seed, what);
    }

    AssertionError failure(String what, Throwable cause) {
        return new AssertionError(failure(what).getMessage(), cause);
    }

    static AssertionError failure(ModelConfig config, long seed, String what) {
        return new AssertionError(name(config) + ": " + what + " (seed " + seed + ")");
    }

    static String name(ModelConfig config) {
        return config.type().name().isEmpty() ? "model" : config.type().name();
    }
}

package dev.microgpt.cli.run;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.model.Activation;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Mlp;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Positions;

/**
 * The heap that a tape takes after it has recorded a forward pass. Follows the forward pass of a GPT whose parts are
 * all the library's own, and adds the arrays that each operation keeps.
 *
 * <p>Sizes are {@code double}, which does not overflow.
 */
final class TapeNeed {
    /** Elements that GELU computes at a time. */
    private static final double GELU_CHUNK = 512;

    /** The number of scores that attention computes at a time, for at least 64 and at most 256 queries. */
    private static final double ATTENTION_SCORES = 1 << 17;

    /** The longest sequence of which attention keeps its probabilities for the backward pass. */
    private static final double ATTENTION_KEPT = 256;

    private final GptConfig config;
    private final boolean training;
    private final double rows;
    private final double longest;
    private final HeapNeed heap;
    private final double queries; // the channels of all heads together
    private final double keys;
    private final double threads = Kernels.active().threads();

    private TapeNeed(GptConfig config, boolean training, double rows, double longest, HeapNeed heap) {
        this.config = config;
        this.training = training;
        this.rows = rows;
        this.longest = longest;
        this.heap = heap;
        queries = (double) config.nHead() * config.headDim();
        keys = (double) config.nKvHead() * config.headDim();
    }

    /**
     * Adds the arrays of a training step.
     *
     * @param rows    the number of tokens in a micro-batch
     * @param longest the number of tokens in its longest sequence
     */
    static void ofTraining(GptConfig config, double rows, double longest, HeapNeed heap) {
        new TapeNeed(config, true, rows, longest, heap).model();
    }

    /** Adds the arrays of evaluating a batch. */
    static void ofInference(GptConfig config, double rows, double longest, HeapNeed heap) {
        new TapeNeed(config, false, rows, longest, heap).model();
    }

    private void model() {
        double layers = config.nLayer();
        output(config.positions() == Positions.LEARNED ? 3 : 1, config.nEmbd()); // tokens, positions and their sum
        dropout(1);
        norm(config.get(GptConfig.EMBEDDING_NORM) ? 1 : 0);
        norm(2 * layers);
        output(layers, queries);
        output(2 * layers, keys); // and values
        headNorm(layers, queries);
        headNorm(layers, keys);
        rotary(layers);
        attention(layers);
        output(2 * layers, config.nEmbd());
        mlp(layers);
        output(2 * layers, config.nEmbd());
        dropout(2 * layers);
        norm(config.get(GptConfig.FINAL_NORM) ? 1 : 0);
        boolean isCapped = config.get(GptConfig.SOFTCAP) > 0;
        output(isCapped ? 2 : 1, config.vocabSize());
        heap.add(isCapped ? 2 : 1, rows * config.vocabSize()); // what the cap keeps, and the probabilities of the loss
        heap.add(2, rows);
    }

    /** Adds results of this width and, in training, their gradients. */
    private void output(double count, double columns) {
        heap.add((training ? 2 : 1) * count, rows * columns);
    }

    private void dropout(double count) {
        if (training && config.get(GptConfig.DROPOUT) > 0) {
            output(count, config.nEmbd());
        }
    }

    private void norm(double count) {
        norm(config.norm(), count, rows, config.nEmbd());
    }

    /** Adds the norm of all heads, which is one of more and shorter rows. */
    private void headNorm(double count, double columns) {
        Norm norm = config.get(GptConfig.QK_NORM);
        if (norm != Norm.NONE) {
            output(2 * count, columns); // as rows of one head, and back
            norm(norm, count, rows * columns / config.headDim(), config.headDim());
        }
    }

    private void norm(Norm norm, double count, double rows, double channels) {
        if (norm == Norm.NONE) {
            return;
        }
        heap.add((training ? 2 : 1) * count, rows * channels);
        heap.add(count, rows); // the scale of each row
        if (norm == Norm.RMS_GAIN) {
            heap.add((training ? 2 : 1) * count, rows * channels);
        }
        if (norm == Norm.LAYER || norm == Norm.LAYER_BIAS) {
            heap.add(count, rows); // the mean of each row
            heap.add(training ? 2 * count : 0, threads * channels);
        }
    }

    private void rotary(double count) {
        if (config.positions() == Positions.ROPE) {
            output(count, queries);
            output(count, keys);
            heap.add(1, longest * config.headDim()); // the table
        }
    }

    private void attention(double count) {
        output(count, queries);
        double lanes = Kernels.LANES;
        double window = config.get(GptConfig.WINDOW);
        boolean seesAll = window == 0 || longest <= window;
        double block = Math.max(64, Math.min(256, ATTENTION_SCORES / (seesAll ? longest : window)));
        if (!seesAll) {
            block = Math.min(window, Math.max(64, Math.min(block, window / 4)));
        }
        double widest = seesAll ? longest : window - 1 + block;
        double lines = Math.ceil(widest / lanes);
        double stride = (lines % 2 == 0 ? lines + 1 : lines) * lanes;
        boolean kept = widest <= ATTENTION_KEPT;
        double blocks = (training ? 2 : 1) * (kept ? 1 : 2); // scores, and probabilities of a few queries
        heap.add(blocks * count, threads * Math.min(block, longest) * stride);
        heap.add(kept ? count : 0, rows * config.nHead() * stride);
    }

    private void mlp(double count) {
        boolean isGated = config.mlp() != Mlp.PLAIN;
        output(isGated ? 3 * count : count, config.nInner()); // before the activation; the gated, and what they become
        Activation gate = config.mlp() == Mlp.SWIGLU ? Activation.SILU : Activation.GELU;
        activation(count, isGated ? gate : config.activation());
    }

    private void activation(double count, Activation activation) {
        output(count, config.nInner());
        boolean keepsNothing = activation == Activation.RELU || activation == Activation.RELU2;
        double kept = keepsNothing ? 0 : 1;
        heap.add(kept * count, rows * config.nInner());
        heap.add(activation == Activation.GELU ? count : 0, threads * GELU_CHUNK);
    }
}

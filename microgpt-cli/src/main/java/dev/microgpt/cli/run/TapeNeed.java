package dev.microgpt.cli.run;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.TapeListener;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Gelu;
import dev.microgpt.autograd.op.GeluTanh;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.GptVariant;
import dev.microgpt.model.Norm;

/**
 * What a tape takes once a model was recorded on it: the model's forward pass, with the arrays that each operation keeps in
 * the place of what it computes.
 *
 * <p>In {@code double}, which no size overflows.
 */
final class TapeNeed {
    /** Attention computes so many scores at a time, but those of at least 64 and of at most 256 queries. */
    private static final double ATTENTION_SCORES = 1 << 17;

    /** Up to this length attention keeps its probabilities for backward. */
    private static final double ATTENTION_KEPT = 256;

    private final GptConfig config;
    private final boolean training;
    private final double rows;
    private final double longest;
    private final HeapNeed heap;
    private final double threads = Kernels.active().threads();

    private TapeNeed(GptConfig config, boolean training, double rows, double longest, HeapNeed heap) {
        this.config = config;
        this.training = training;
        this.rows = rows;
        this.longest = longest;
        this.heap = heap;
    }

    /**
     * Adds what a training step keeps.
     *
     * @param rows    the tokens of a micro-batch
     * @param longest the tokens of its longest sequence
     */
    static void ofTraining(GptConfig config, double rows, double longest, HeapNeed heap) {
        new TapeNeed(config, true, rows, longest, heap).model();
    }

    /** Adds what the evaluation of a batch keeps. */
    static void ofInference(GptConfig config, double rows, double longest, HeapNeed heap) {
        new TapeNeed(config, false, rows, longest, heap).model();
    }

    private void model() {
        GptVariant variant = config.variant();
        double layers = config.nLayer();
        output(3, config.nEmbd()); // tokens, positions and their sum
        dropout(1);
        norm(variant.embeddingNorm() ? 1 : 0);
        norm(2 * layers);
        output(3 * layers, config.nEmbd()); // queries, keys and values
        attention(layers);
        output(2 * layers, config.nEmbd());
        output(layers, config.nInner());
        activation(layers);
        output(2 * layers, config.nEmbd());
        dropout(2 * layers);
        norm(variant.finalNorm() ? 1 : 0);
        output(1, config.vocabSize());
        heap.add(1, rows * config.vocabSize()); // what the loss keeps
        heap.add(2, rows);
    }

    /** Results with so many columns, and their gradients. */
    private void output(double count, double columns) {
        heap.add((training ? 2 : 1) * count, rows * columns);
    }

    private void dropout(double count) {
        if (training && config.variant().dropout() > 0) {
            output(count, config.nEmbd());
        }
    }

    private void norm(double count) {
        double channels = config.nEmbd();
        Norm norm = config.variant().norm();
        output(count, channels);
        heap.add(count, rows); // a factor for each
        if (norm == Norm.RMS_GAIN) {
            output(count, channels);
        }
        if (norm == Norm.LAYER || norm == Norm.LAYER_BIAS) {
            heap.add(count, rows * channels);
            heap.add(training ? count : 0, threads * channels);
        }
    }

    private void attention(double count) {
        output(count, config.nEmbd());
        double lanes = Kernels.LANES;
        double lines = Math.ceil(longest / lanes);
        double stride = (lines % 2 == 0 ? lines + 1 : lines) * lanes;
        double block = Math.max(64, Math.min(256, ATTENTION_SCORES / longest));
        boolean kept = longest <= ATTENTION_KEPT;
        double blocks = (training ? 2 : 1) * (kept ? 1 : 2); // scores, and probabilities of a few queries
        heap.add(blocks * count, threads * Math.min(block, longest) * stride);
        heap.add(kept ? count : 0, rows * config.nHead() * stride);
    }

    /** Applies the activation to one number and counts its operations, so a new activation needs no case here. */
    private void activation(double count) {
        Tape tape = Tape.inference();
        tape.addListener(new TapeListener() {
            @Override
            public void onForward(Op op, Tensor y) {
                output(count, config.nInner());
                heap.add(count * buffers(op), rows * config.nInner());
            }
        });
        config.variant().activation().apply(tape, Tensor.constant(Shape.of(1, 1), 1.0));
    }

    /** Returns the number of arrays, each as large as its input, that an operation borrows from the tape. */
    private double buffers(Op op) {
        if (op instanceof Gelu) {
            return training ? 4 : 2;
        }
        return op instanceof GeluTanh ? 1 : 0;
    }
}

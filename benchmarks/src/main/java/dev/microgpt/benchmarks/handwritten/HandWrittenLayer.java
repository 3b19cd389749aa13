package dev.microgpt.benchmarks.handwritten;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.model.GptConfig;

/** One block of the transformer: {@code x += attention(rmsNorm(x))}, then {@code x += mlp(rmsNorm(x))}. */
final class HandWrittenLayer {
    private final Kernels kernels = Kernels.active();
    private final Weights weights;
    private final int index;
    private final int c;
    private final Scratch scratch;
    private final Norm attentionNorm;
    private final Norm mlpNorm;
    private final Attention attention;

    // saved for the backward pass, one row for each token
    private final double[] attentionInput; // n = rmsNorm(x)
    private final double[] vkq; // n·[wv; wk; wq]ᵀ
    private final double[] attended; // attention(vkq)
    private final double[] mlpInput; // n = rmsNorm(x)
    private final double[] hidden; // relu(n·fc1ᵀ)

    /** Arrays that all layers share, because their content is only needed during one pass through one layer. */
    static final class Scratch {
        private final double[] y;
        private final double[] dHidden;
        private final double[] dVkq;

        Scratch(GptConfig config, int maxRows) {
            y = new double[maxRows * config.nEmbd()];
            dHidden = new double[4 * y.length];
            dVkq = new double[3 * y.length];
        }
    }

    HandWrittenLayer(GptConfig config, Weights weights, int index, int maxSequences, Scratch scratch) {
        this.weights = weights;
        this.index = index;
        this.scratch = scratch;
        c = config.nEmbd();
        int maxRows = maxSequences * config.blockSize();
        attentionNorm = new Norm(c, maxRows);
        mlpNorm = new Norm(c, maxRows);
        attention = new Attention(config, maxSequences);
        attentionInput = new double[maxRows * c];
        vkq = new double[3 * attentionInput.length];
        attended = new double[attentionInput.length];
        mlpInput = new double[attentionInput.length];
        hidden = new double[4 * attentionInput.length];
    }

    /** Updates the residual stream {@code x}, shape {@code (T, C)}. */
    void forward(Sequences sequences, double[] x) {
        int rows = sequences.rows();
        attentionNorm.forward(rows, x, attentionInput);
        linear(rows, 3 * c, c, attentionInput, weights.vkq(index), vkq);
        attention.forward(sequences, vkq, attended);
        linear(rows, c, c, attended, weights.wo(index), scratch.y);
        add(rows * c, scratch.y, x);

        mlpNorm.forward(rows, x, mlpInput);
        linear(rows, 4 * c, c, mlpInput, weights.fc1(index), hidden);
        relu(rows * 4 * c, hidden);
        linear(rows, c, 4 * c, hidden, weights.fc2(index), scratch.y);
        add(rows * c, scratch.y, x);
    }

    /** Replaces the gradient of the residual stream after this layer with that before it. */
    void backward(Sequences sequences, double[] dx) {
        int rows = sequences.rows();
        double[] dHidden = scratch.dHidden;
        double[] dVkq = scratch.dVkq;
        double[] dy = scratch.y;
        backwardLinear(rows, c, 4 * c, hidden, weights.fc2(index), dx, dHidden);
        backwardRelu(rows * 4 * c, hidden, dHidden);
        backwardLinear(rows, 4 * c, c, mlpInput, weights.fc1(index), dHidden, dy);
        mlpNorm.backward(rows, mlpInput, dy, dx);

        backwardLinear(rows, c, c, attended, weights.wo(index), dx, dy);
        attention.backward(sequences, vkq, dy, dVkq);
        backwardLinear(rows, 3 * c, c, attentionInput, weights.vkq(index), dVkq, dy);
        attentionNorm.backward(rows, attentionInput, dy, dx);
    }

    /** {@code y = x·wᵀ}. */
    private void linear(int rows, int out, int in, double[] x, int w, double[] y) {
        kernels.matmul(rows, out, in, x, 0, in, 1, weights.data, w, 1, in, y, 0, out, false);
    }

    /** {@code dx = dy·w},  {@code dw = dyᵀ·x}. */
    private void backwardLinear(int rows, int out, int in, double[] x, int w, double[] dy, double[] dx) {
        kernels.matmul(out, in, rows, dy, 0, 1, out, x, 0, in, 1, weights.grad, w, in, false);
        kernels.matmul(rows, in, out, dy, 0, out, 1, weights.data, w, in, 1, dx, 0, in, false);
    }

    private void add(int size, double[] y, double[] x) {
        kernels.parallel(size, size, (part, from, to) -> {
            for (int i = from; i < to; i++) {
                x[i] += y[i];
            }
        });
    }

    private void relu(int size, double[] h) {
        kernels.parallel(size, size, (part, from, to) -> {
            for (int i = from; i < to; i++) {
                h[i] = Math.max(0.0, h[i]);
            }
        });
    }

    private void backwardRelu(int size, double[] h, double[] dh) {
        kernels.parallel(size, size, (part, from, to) -> {
            for (int i = from; i < to; i++) {
                dh[i] = h[i] > 0 ? dh[i] : 0.0;
            }
        });
    }
}

package com.example;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Causal attention with linear biases: {@code y = P·v} with {@code P = softmax(q·kᵀ/√d − slope·(i − j))}. */
final class BiasedAttention extends RowOp {
    private final Tensor q;
    private final Tensor k;
    private final Tensor v;
    private final double[] slopes; // of the heads
    private final Sequences sequences;
    private final int c; // channels
    private final int d; // channels of a head
    private final double scale;
    private double[] s = {}; // scores, and their gradient
    private double[] p = {}; // probabilities

    BiasedAttention(Tensor q, Tensor k, Tensor v, double[] slopes, Sequences sequences) {
        this.q = q;
        this.k = k;
        this.v = v;
        this.slopes = slopes;
        this.sequences = sequences;
        c = q.shape().columns();
        d = c / slopes.length;
        scale = 1 / Math.sqrt(d);
    }

    public List<Tensor> inputs() {
        return List.of(q, k, v);
    }

    public Shape shape() {
        return q.shape();
    }

    public Map<String, Tensor> details() { // for those who look inside
        int n = sequences.longest();
        Shape shape = Shape.of(slopes.length, n, n);
        return sequences.count() > 1
                ? Map.of()
                : Map.of("probabilities", Tensor.constant(shape, Arrays.copyOf(p, shape.size())));
    }

    protected int items() { // each head of each sequence
        return sequences.count() * slopes.length;
    }

    protected long work() {
        return (long) sequences.longest() * shape().size();
    }

    protected void reserve(Tape tape) {
        s = tape.buffer(sequences.rows() * slopes.length * sequences.longest());
        p = tape.buffer(sequences.rows() * slopes.length * sequences.longest());
    }

    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        for (int item = from; item < to; item++) {
            int n = length(item);
            int x = column(item);
            int m = matrix(item);
            kernels.lowerOfNT(n, d, 0, q.data(), x, c, k.data(), x, c, s, m, n);
            double bias = slopes[item % slopes.length] / scale; // the softmax multiplies by the scale
            for (int i = 0; i < n; i++) {
                for (int j = 0; j < i; j++) {
                    s[m + i * n + j] -= bias * (i - j);
                }
            }
            kernels.lowerSoftmax(n, 0, scale, s, m, n, p, m, n);
            kernels.lowerNN(n, d, 0, p, m, n, v.data(), x, c, y.data(), x, c, false);
        }
    }

    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        for (int item = from; item < to; item++) {
            int n = length(item);
            int x = column(item);
            int m = matrix(item);
            double[] dy = y.grad();
            if (v.hasGrad()) { // y = P·v  ⇒  dv = Pᵀ·dy, dP = dy·vᵀ
                kernels.lowerTN(n, d, 0, p, m, n, dy, x, c, v.grad(), x, c, true);
            }
            kernels.lowerOfNT(n, d, 0, dy, x, c, v.data(), x, c, s, m, n);
            kernels.lowerSoftmaxGradient(n, 0, scale, p, m, n, s, m, n); // dP becomes dS
            if (q.hasGrad()) { // S = q·kᵀ/√d − bias  ⇒  dq = dS·k/√d, dk = dSᵀ·q/√d
                kernels.lowerNN(n, d, 0, s, m, n, k.data(), x, c, q.grad(), x, c, true);
            }
            if (k.hasGrad()) {
                kernels.lowerTN(n, d, 0, s, m, n, q.data(), x, c, k.grad(), x, c, true);
            }
        }
    }

    private int length(int item) {
        return sequences.length(item / slopes.length);
    }

    /** Where the channels of a head begin in the first row of its sequence. */
    private int column(int item) {
        return sequences.start(item / slopes.length) * c + item % slopes.length * d;
    }

    /** Where the n·n scores of a head of a sequence begin. */
    private int matrix(int item) {
        int rowsBefore = sequences.start(item / slopes.length) * slopes.length + item % slopes.length * length(item);
        return rowsBefore * sequences.longest();
    }
}

package dev.microgpt.benchmarks.handwritten;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.model.GptConfig;
import java.util.Arrays;

/**
 * Causal attention of one layer, on a matrix {@code (T, 3C)} of values, keys and queries side by side.
 *
 * <p>It processes {@value #BLOCK} queries at a time. Within a block the probabilities of masked keys are zeros, so
 * whole blocks can be multiplied without changing any sum. Probabilities are kept for the backward pass, which takes
 * memory quadratic in the length and avoids computing them twice.
 */
final class Attention {
    private static final int BLOCK = 32;

    private final Kernels kernels = Kernels.active();
    private final int heads;
    private final int c;
    private final int d;
    private final int stride; // between rows of values, keys and queries
    private final double scale;
    private final double[] p; // for each sequence and head, (length, length)
    private final double[] scores; // one block for each thread, (BLOCK, length)
    private final int scratch; // elements of scores for each thread

    Attention(GptConfig config, int maxSequences) {
        heads = config.nHead();
        c = config.nEmbd();
        d = c / heads;
        stride = 3 * c;
        scale = 1.0 / Math.sqrt(d);
        int longest = config.blockSize();
        p = new double[maxSequences * heads * longest * longest];
        scratch = BLOCK * longest;
        scores = new double[kernels.threads() * scratch];
    }

    /** One head of one sequence. */
    @FunctionalInterface
    private interface Head {
        /**
         * Computes one pass.
         *
         * @param start   the first row of the sequence
         * @param length  its number of rows
         * @param channel the first channel of the head
         * @param p0      the offset of its probabilities
         * @param s0      the offset of scratch space for the scores of a block
         */
        void run(int start, int length, int channel, int p0, int s0);
    }

    /** Computes a pass for all heads of all sequences, on several threads if that is worthwhile. */
    private void forEachHead(Sequences sequences, int products, Head pass) {
        kernels.parallel(sequences.count() * heads, products * multiplyAdds(sequences), (part, from, to) -> {
            int item = 0;
            int p0 = 0;
            for (int s = 0; s < sequences.count(); s++) {
                int length = sequences.length(s);
                for (int head = 0; head < heads; head++, item++, p0 += length * length) {
                    if (item >= from && item < to) {
                        pass.run(sequences.start(s), length, head * d, p0, part * scratch);
                    }
                }
            }
        });
    }

    /** Multiply-adds of one product of all queries with all keys that they see. */
    private long multiplyAdds(Sequences sequences) {
        long pairs = 0;
        for (int s = 0; s < sequences.count(); s++) {
            pairs += (long) sequences.length(s) * sequences.length(s) / 2;
        }
        return pairs * c;
    }

    /** Writes {@code y}, shape {@code (T, C)}. */
    void forward(Sequences sequences, double[] vkq, double[] y) {
        forEachHead(sequences, 2, (start, length, channel, p0, s0) -> forward(start, length, channel, p0, s0, vkq, y));
    }

    private void forward(int start, int length, int channel, int p0, int s0, double[] vkq, double[] y) {
        int v = start * stride + channel;
        int k = v + c;
        int q = k + c;
        for (int first = 0; first < length; first += BLOCK) {
            int rows = Math.min(BLOCK, length - first);
            int seen = first + rows;
            int block = p0 + first * length;
            int query = q + first * stride;
            kernels.matmul(rows, seen, d, vkq, query, stride, 1, vkq, k, 1, stride, scores, s0, length, false);
            for (int r = 0; r < rows; r++) {
                probabilities(s0 + r * length, block + r * length, first + r + 1, seen);
            }
            int out = (start + first) * c + channel;
            kernels.matmul(rows, d, seen, p, block, length, 1, vkq, v, stride, 1, y, out, c, false);
        }
    }

    /** Computes one row: the softmax of the first {@code n} scores, then zeros up to {@code end}. */
    private void probabilities(int row, int pRow, int n, int end) {
        kernels.scale(scale, scores, row, scores, row, n);
        kernels.softmax(scores, row, p, pRow, n);
        Arrays.fill(p, pRow + n, pRow + end, 0.0);
    }

    /** Writes {@code dVkq}, shape {@code (T, 3C)}. */
    void backward(Sequences sequences, double[] vkq, double[] dy, double[] dVkq) {
        forEachHead(
                sequences,
                4,
                (start, length, channel, p0, s0) -> backward(start, length, channel, p0, s0, vkq, dy, dVkq));
    }

    private void backward(
            int start, int length, int channel, int p0, int s0, double[] vkq, double[] dy, double[] dVkq) {
        int v = start * stride + channel;
        int k = v + c;
        int q = k + c;
        double[] ds = scores;
        for (int first = 0; first < length; first += BLOCK) {
            int rows = Math.min(BLOCK, length - first);
            int seen = first + rows;
            int block = p0 + first * length;
            int query = q + first * stride;
            int out = (start + first) * c + channel;
            // y = P·v   ⇒   dP = dy·vᵀ,  dv = Pᵀ·dy
            kernels.matmul(rows, seen, d, dy, out, c, 1, vkq, v, 1, stride, ds, s0, length, false);
            addTransposed(first, rows, p, block, length, dy, out, c, dVkq, v);
            for (int r = 0; r < rows; r++) {
                scoreGradients(s0 + r * length, block + r * length, first + r + 1, seen);
            }
            // S = q·kᵀ/√d   ⇒   dq = dS·k/√d,  dk = dSᵀ·q/√d
            kernels.matmul(rows, d, seen, ds, s0, length, 1, vkq, k, stride, 1, dVkq, query, stride, false);
            addTransposed(first, rows, ds, s0, length, vkq, query, stride, dVkq, k);
        }
    }

    /**
     * {@code C += Aᵀ·B} with A, shape {@code (rows, first + rows)}: gradients of the keys of earlier blocks are added
     * to, those of the keys of this block are overwritten.
     */
    private void addTransposed(
            int first,
            int rows,
            double[] a,
            int a0,
            int aStride,
            double[] b,
            int b0,
            int bStride,
            double[] grad,
            int g0) {
        if (first > 0) {
            kernels.matmul(first, d, rows, a, a0, 1, aStride, b, b0, bStride, 1, grad, g0, stride, true);
        }
        int own = g0 + first * stride;
        kernels.matmul(rows, d, rows, a, a0 + first, 1, aStride, b, b0, bStride, 1, grad, own, stride, false);
    }

    /**
     * Computes one row: {@code dS/√d = (P · (dP − Σ dP · P))/√d} in place of {@code dP}, then zeros up to {@code end}.
     */
    private void scoreGradients(int row, int pRow, int n, int end) {
        double dot = kernels.dot(scores, row, p, pRow, n);
        for (int u = 0; u < n; u++) {
            scores[row + u] = scale * (p[pRow + u] * (scores[row + u] - dot));
        }
        Arrays.fill(scores, row + n, row + end, 0.0);
    }
}

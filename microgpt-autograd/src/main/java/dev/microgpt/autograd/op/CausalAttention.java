package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Multi-head scaled dot-product attention in which every query sees its own position and those before it:
 * {@code y = softmax(q·kᵀ/√d)·v}, for each sequence and each head of {@code d = C / heads} channels.
 *
 * <p>With the probabilities {@code P} of a head: {@code dv = Pᵀ·dy}, {@code dP = dy·vᵀ}, {@code dS = P · (dP − Σ dP ·
 * P)}, {@code dq = dS·k/√d}, {@code dk = dSᵀ·q/√d}.
 *
 * <p>Sequences are packed: sequence {@code s} has the query rows {@code queries.start(s) …} and the key rows
 * {@code keys.start(s) …}. It may have more keys than queries; then its queries are the last positions and the first
 * keys are the past, as they come from a cache. Keys that a query must not see are skipped, not multiplied by zero.
 *
 * <p>Scores are held for {@value #BLOCK} queries at a time and computed again for {@code backward}, so memory grows
 * linearly with the length.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al., Attention Is All You Need, 2017</a>
 */
public final class CausalAttention implements Op {
    private static final int BLOCK = 32;

    private final Tensor q;
    private final Tensor k;
    private final Tensor v;
    private final int heads;
    private final Sequences queries;
    private final Sequences keys;

    /**
     * Prepares the attention.
     *
     * @param q       queries, shape {@code (T, C)}
     * @param k       keys, shape {@code (U, C)}
     * @param v       values, shape {@code (U, C)}
     * @param heads   the number of heads, a divisor of {@code C}
     * @param queries where the sequences start in {@code q}
     * @param keys    where the same sequences start in {@code k} and {@code v}, each at least as long as in {@code q}
     * @throws IllegalArgumentException if shapes, heads and sequences do not fit together
     */
    public CausalAttention(Tensor q, Tensor k, Tensor v, int heads, Sequences queries, Sequences keys) {
        this.q = q;
        this.k = k;
        this.v = v;
        this.heads = heads;
        this.queries = queries;
        this.keys = keys;
        Checks.matrix(this, "q", q);
        Checks.matrix(this, "k", k);
        Checks.sameShape(this, "k", k, "v", v);
        int channels = q.shape().columns();
        if (channels != k.shape().columns()) {
            throw new IllegalArgumentException("causalAttention: q is " + q.shape() + " but k is " + k.shape()
                    + "; the last dimensions must match (" + channels + " and "
                    + k.shape().columns() + ")");
        }
        if (heads < 1 || channels % heads != 0) {
            throw new IllegalArgumentException(
                    "causalAttention: " + channels + " channels cannot be divided among " + heads + " heads");
        }
        checkRows("q", q, queries);
        checkRows("k", k, keys);
        checkLengths();
    }

    private static void checkRows(String argument, Tensor tensor, Sequences sequences) {
        if (tensor.shape().rows() != sequences.rows()) {
            throw new IllegalArgumentException("causalAttention: " + argument + " is " + tensor.shape()
                    + " but its sequences have " + sequences.rows() + " rows in all");
        }
    }

    private void checkLengths() {
        if (queries.count() != keys.count()) {
            throw new IllegalArgumentException("causalAttention: there are " + queries.count()
                    + " sequences of queries but " + keys.count() + " of keys; there must be as many");
        }
        for (int s = 0; s < queries.count(); s++) {
            if (queries.length(s) > keys.length(s)) {
                throw new IllegalArgumentException("causalAttention: sequence " + s + " has " + queries.length(s)
                        + " queries but only " + keys.length(s) + " keys; every query needs the key of its position");
            }
        }
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(q, k, v);
    }

    @Override
    public Shape shape() {
        return q.shape();
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        Kernels kernels = tape.kernels();
        double[] scores = tape.buffer(scratchSize());
        double[] p = tape.buffer(scratchSize());
        int c = shape().columns();
        for (Block block = new Block(); block.next(); ) {
            probabilities(kernels, block, scores, p);
            for (int r = 0; r < block.rows; r++) {
                int pRow = r * block.stride;
                int yRow = block.query + r * c;
                kernels.matmulNN(
                        1, block.d, block.seen(r), p, pRow, 1, v.data(), block.key, c, y.data(), yRow, c, false);
            }
        }
    }

    /** Writes the probabilities of each row of a block into {@code p}; of {@code scores} nothing is to be kept. */
    private void probabilities(Kernels kernels, Block block, double[] scores, double[] p) {
        int c = shape().columns();
        int stride = block.stride;
        int rows = block.rows;
        kernels.matmulNT(
                rows,
                block.seen(rows - 1),
                block.d,
                q.data(),
                block.query,
                c,
                k.data(),
                block.key,
                c,
                scores,
                0,
                stride,
                false);
        for (int r = 0, row = 0; r < rows; r++, row += stride) {
            int seen = block.seen(r);
            kernels.scale(scale(), scores, row, scores, row, seen);
            kernels.softmax(scores, row, p, row, seen);
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        Kernels kernels = tape.kernels();
        double[] scores = tape.buffer(scratchSize());
        double[] p = tape.buffer(scratchSize());
        double[] dy = y.grad();
        int c = shape().columns();
        for (Block block = new Block(); block.next(); ) {
            probabilities(kernels, block, scores, p);
            double[] dp = scores;
            int stride = block.stride;
            int rows = block.rows;
            int all = block.seen(rows - 1);
            // y = P·v   ⇒   dP = dy·vᵀ
            kernels.matmulNT(rows, all, block.d, dy, block.query, c, v.data(), block.key, c, dp, 0, stride, false);
            for (int r = 0; r < rows; r++) {
                int query = block.query + r * c;
                int row = r * stride;
                int seen = block.seen(r);
                double[] ds = scoreGradients(kernels, p, dp, row, seen);
                // S = q·kᵀ/√d   ⇒   dq = dS·k/√d,  dk = dSᵀ·q/√d;   y = P·v   ⇒   dv = Pᵀ·dy
                if (q.hasGrad()) {
                    kernels.matmulNN(1, block.d, seen, ds, row, 1, k.data(), block.key, c, q.grad(), query, c, true);
                }
                if (k.hasGrad()) {
                    kernels.matmulNN(seen, block.d, 1, ds, row, 1, q.data(), query, c, k.grad(), block.key, c, true);
                }
                if (v.hasGrad()) {
                    kernels.matmulNN(seen, block.d, 1, p, row, 1, dy, query, c, v.grad(), block.key, c, true);
                }
            }
        }
    }

    /** Overwrites one row of {@code dp} by {@code dS/√d}. */
    private double[] scoreGradients(Kernels kernels, double[] p, double[] dp, int row, int seen) {
        double scale = scale();
        // P = softmax(S)   ⇒   dS = P · (dP − Σ dP · P)
        double dot = kernels.dot(dp, row, p, row, seen);
        for (int u = row; u < row + seen; u++) {
            dp[u] = scale * (p[u] * (dp[u] - dot));
        }
        return dp;
    }

    /** Room for the scores of one block. */
    private int scratchSize() {
        return Math.multiplyExact(Math.min(BLOCK, queries.longest()), keys.longest());
    }

    /** The factor of the scores, {@code 1/√d}. */
    private double scale() {
        return 1.0 / Math.sqrt(shape().columns() / heads);
    }

    /** Walks over blocks of at most {@link #BLOCK} queries of one head of one sequence. */
    private final class Block {
        final int d = shape().columns() / heads;
        final int stride = keys.longest(); // between rows of scores
        int rows;
        int query; // index of the first query of the block in q, y and their gradients
        int key; // index of the first key of the sequence in k, v and their gradients

        private int sequence;
        private int head;
        private int first; // query of the sequence with which the block starts
        private int past; // keys that come before the first query of the block

        boolean next() {
            first += rows;
            if (first == queries.length(sequence)) {
                first = 0;
                head++;
            }
            if (head == heads) {
                head = 0;
                sequence++;
            }
            if (sequence == queries.count()) {
                return false;
            }
            int c = shape().columns();
            rows = Math.min(BLOCK, queries.length(sequence) - first);
            query = (queries.start(sequence) + first) * c + head * d;
            key = keys.start(sequence) * c + head * d;
            past = keys.length(sequence) - queries.length(sequence) + first;
            return true;
        }

        /** How many keys row {@code r} of the block sees. */
        int seen(int r) {
            return past + r + 1;
        }
    }
}

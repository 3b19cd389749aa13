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
        int size = scratchSize();
        double[] scores = tape.buffer(size * kernels.threads());
        double[] p = tape.buffer(size * kernels.threads());
        // classes rather than lambdas, whose first use delays the start of a program by some 20 ms
        kernels.parallel(queries.count() * heads, work(), new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                for (Block block = new Block(from, to); block.next(); ) {
                    forward(kernels, block, y.data(), scores, p, part * size);
                }
            }
        });
    }

    private void forward(Kernels kernels, Block block, double[] y, double[] scores, double[] p, int scratch) {
        int c = shape().columns();
        int d = block.d;
        int query = block.query;
        probabilities(kernels, block, scores, p, scratch);
        CausalProducts.nn(
                kernels,
                block.rows,
                d,
                block.past,
                p,
                scratch,
                block.stride,
                v.data(),
                block.key,
                c,
                y,
                query,
                c,
                false);
    }

    /** Writes the probabilities of each row of a block into {@code p}; of {@code scores} nothing is to be kept. */
    private void probabilities(Kernels kernels, Block block, double[] scores, double[] p, int scratch) {
        scores(kernels, block, q.data(), k.data(), scores, scratch);
        // one call for the block is faster than one for each row, though it scales what nobody reads too
        kernels.scale(scale(), scores, scratch, scores, scratch, block.rows * block.stride);
        for (int r = 0, row = scratch; r < block.rows; r++, row += block.stride) {
            int seen = block.past + r + 1;
            kernels.softmax(scores, row, p, row, seen);
        }
    }

    /** Writes the products of the rows of a block with all keys that the last of them sees. */
    private void scores(Kernels kernels, Block block, double[] rows, double[] keys, double[] scores, int scratch) {
        int c = shape().columns();
        int seen = block.past + block.rows;
        kernels.matmulNT(
                block.rows,
                seen,
                block.d,
                rows,
                block.query,
                c,
                keys,
                block.key,
                c,
                scores,
                scratch,
                block.stride,
                false);
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        Kernels kernels = tape.kernels();
        int size = scratchSize();
        double[] dp = tape.buffer(size * kernels.threads());
        double[] p = tape.buffer(size * kernels.threads());
        kernels.parallel(queries.count() * heads, 3 * work(), new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                for (Block block = new Block(from, to); block.next(); ) {
                    backward(kernels, block, y.grad(), dp, p, part * size);
                }
            }
        });
    }

    private void backward(Kernels kernels, Block block, double[] dy, double[] dp, double[] p, int scratch) {
        int c = shape().columns();
        int rows = block.rows;
        int d = block.d;
        int past = block.past;
        int stride = block.stride;
        int query = block.query;
        int key = block.key;
        probabilities(kernels, block, dp, p, scratch);
        // y = P·v   ⇒   dv = Pᵀ·dy,  dP = dy·vᵀ
        if (v.hasGrad()) {
            CausalProducts.addTN(kernels, rows, d, past, p, scratch, stride, dy, query, c, v.grad(), key, c);
        }
        scores(kernels, block, dy, v.data(), dp, scratch);
        double[] ds = scoreGradients(kernels, block, dp, p, scratch);
        // S = q·kᵀ/√d   ⇒   dq = dS·k/√d,  dk = dSᵀ·q/√d
        if (q.hasGrad()) {
            CausalProducts.nn(kernels, rows, d, past, ds, scratch, stride, k.data(), key, c, q.grad(), query, c, true);
        }
        if (k.hasGrad()) {
            CausalProducts.addTN(kernels, rows, d, past, ds, scratch, stride, q.data(), query, c, k.grad(), key, c);
        }
    }

    /** Overwrites {@code dp} by {@code dS/√d}. */
    private double[] scoreGradients(Kernels kernels, Block block, double[] dp, double[] p, int scratch) {
        double scale = scale();
        // P = softmax(S)   ⇒   dS = P · (dP − Σ dP · P)
        for (int r = 0, row = scratch; r < block.rows; r++, row += block.stride) {
            int end = row + block.past + r + 1;
            double dot = kernels.dot(dp, row, p, row, end - row);
            for (int u = row; u < end; u++) {
                dp[u] = scale * (p[u] * (dp[u] - dot));
            }
        }
        return dp;
    }

    /** Room for the scores of one block. */
    private int scratchSize() {
        return Math.multiplyExact(Math.min(BLOCK, queries.longest()), keys.longest());
    }

    /** The multiply-adds of the forward pass. */
    private long work() {
        long scores = 0;
        for (int s = 0; s < queries.count(); s++) {
            scores += (long) queries.length(s) * keys.length(s);
        }
        return scores * shape().columns();
    }

    /** The factor of the scores, {@code 1/√d}. */
    private double scale() {
        return 1.0 / Math.sqrt(shape().columns() / heads);
    }

    /** Walks over blocks of at most {@link #BLOCK} queries, of one head after another of one sequence after another. */
    private final class Block {
        final int d = shape().columns() / heads;
        final int stride = keys.longest(); // between rows of scores
        int rows;
        int past; // keys that come before that of the first query: row r of the block sees past + r + 1
        int query; // index of the first query of the block in q, y and their gradients
        int key; // index of the first key of the sequence in k, v and their gradients

        private final int end;
        private int item; // counts the heads of all sequences
        private int left; // queries of the item after this block

        /** Walks over items {@code from} to {@code end}: head {@code i % heads} of sequence {@code i / heads}. */
        Block(int from, int end) {
            item = from - 1;
            this.end = end;
        }

        boolean next() {
            past += rows;
            query += rows * shape().columns();
            if (left == 0) {
                if (++item == end) {
                    return false;
                }
                begin(item / heads, item % heads);
            }
            rows = Math.min(BLOCK, left);
            left -= rows;
            return true;
        }

        private void begin(int sequence, int head) {
            int c = shape().columns();
            left = queries.length(sequence);
            past = keys.length(sequence) - left;
            query = queries.start(sequence) * c + head * d;
            key = keys.start(sequence) * c + head * d;
        }
    }
}

package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head causal scaled dot-product attention: {@code y = softmax(s·q·kᵀ)·v} for each sequence and each head of
 * {@code d = C / heads} channels, where a query attends to its own position and all earlier ones.
 *
 * <p>Gradients, with the scores {@code S = s·q·kᵀ} and the probabilities {@code P = softmax(S)} of a head:
 * {@code dv = Pᵀ·dy}, {@code dP = dy·vᵀ}, {@code dS = P · (dP − Σ dP · P)}, {@code dq = s·dS·k}, {@code dk = s·dSᵀ·q}.
 *
 * <p>Sequences are packed: sequence {@code i} has the query rows from {@code queries.start(i)} and the key rows from
 * {@code keys.start(i)}. If it has more keys than queries, the queries are its last positions and the first keys come
 * from a key-value cache. Masked keys are skipped, not multiplied by zero.
 *
 * <p>Probabilities are computed for blocks of 64 to 256 queries and recomputed by {@code backward}, so memory grows
 * linearly with the length of the sequences. If no sequence is longer than {@value #KEPT}, they are kept instead.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al., Attention Is All You Need, 2017</a>
 */
public final class CausalAttention extends RowOp {
    /** Longest sequence whose probabilities are kept for backward: at most this many for each row and head. */
    private static final int KEPT = 256;

    final int heads;
    final Sequences queries;
    final Sequences keys;

    private final Tensor q;
    private final Tensor k;
    private final Tensor v;
    private final @Nullable DropoutMask dropout;
    private final double scale;
    private double[] p = {};
    private double[] scores = {};

    /**
     * Creates attention with the usual scale {@code s = 1/√d} and without dropout.
     *
     * @param q       queries, shape {@code (T, C)}
     * @param k       keys, shape {@code (U, C)}
     * @param v       values, shape {@code (U, C)}
     * @param heads   number of heads, a divisor of {@code C}
     * @param queries offsets of the sequences in {@code q}
     * @param keys    offsets of the same sequences in {@code k} and {@code v}, each at least as long as in {@code q}
     * @throws IllegalArgumentException if shapes, heads and sequences do not match
     */
    public CausalAttention(Tensor q, Tensor k, Tensor v, int heads, Sequences queries, Sequences keys) {
        this(q, k, v, heads, queries, keys, null, usualScale(q, heads));
    }

    /**
     * Creates attention with any scale and, optionally, dropout of the probabilities: {@code y = (mask · P)·v}.
     *
     * <p>The mask of the query at position {@code i} of a sequence and the key at position {@code u} in head {@code h}
     * depends on number {@code h·2⁴⁸ + i·2²⁴ + u} of that sequence's random stream.
     *
     * @param q       queries, shape {@code (T, C)}
     * @param k       keys, shape {@code (U, C)}
     * @param v       values, shape {@code (U, C)}
     * @param heads   number of heads, a divisor of {@code C}
     * @param queries offsets of the sequences in {@code q}
     * @param keys    offsets of the same sequences in {@code k} and {@code v}, each at least as long as in {@code q}
     * @param dropout the probabilities to drop, with a random stream for each sequence, or null for no dropout
     * @param scale   the factor {@code s} of the scores, positive and finite
     * @throws IllegalArgumentException if shapes, heads and sequences do not match, or if the scale is out of range
     */
    public CausalAttention(
            Tensor q,
            Tensor k,
            Tensor v,
            int heads,
            Sequences queries,
            Sequences keys,
            @Nullable DropoutMask dropout,
            double scale) {
        this.q = q;
        this.k = k;
        this.v = v;
        this.heads = heads;
        this.queries = queries;
        this.keys = keys;
        this.dropout = dropout;
        this.scale = scale;
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
            throw new IllegalArgumentException("causalAttention: the number of heads is " + heads
                    + ", but must be at least 1 and divide the " + channels + " channels");
        }
        Checks.packed(this, "q", q, queries);
        Checks.packed(this, "k", k, keys);
        checkLengths();
        if (dropout != null) {
            Checks.streams(this, dropout, queries);
        }
        Checks.positive(this, "scale", scale);
    }

    /** Returns {@code 1/√d}, or any number for heads and channels that are rejected later. */
    private static double usualScale(Tensor q, int heads) {
        return heads < 1 || q.shape().rank() != 2
                ? 1.0
                : 1.0 / Math.sqrt(q.shape().columns() / heads);
    }

    private void checkLengths() {
        if (queries.count() != keys.count()) {
            throw new IllegalArgumentException("causalAttention: the number of sequences is " + queries.count()
                    + " in queries but " + keys.count() + " in keys; the two must be equal");
        }
        for (int s = 0; s < queries.count(); s++) {
            if (queries.length(s) > keys.length(s)) {
                throw new IllegalArgumentException("causalAttention: sequence " + s + " has " + queries.length(s)
                        + " queries but only " + keys.length(s) + " keys; every query needs a key at its own position");
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

    /** {@return the number of heads of all sequences, each of which is computed independently} */
    @Override
    protected int items() {
        return queries.count() * heads;
    }

    @Override
    protected long work() {
        long scores = 0;
        for (int s = 0; s < queries.count(); s++) {
            scores += (long) queries.length(s) * keys.length(s);
        }
        return scores * channels();
    }

    @Override
    protected long backwardWork() {
        return 3 * work();
    }

    @Override
    protected void reserve(Tape tape) {
        scores = blockForEachThread(tape);
        p = keepsProbabilities()
                ? tape.buffer(numbers(queries.rows() * heads, AttentionBlock.stride(keys.longest())))
                : blockForEachThread(tape);
    }

    @Override
    protected void reserveForBackward(Tape tape) {
        scores = blockForEachThread(tape);
        if (!keepsProbabilities()) {
            p = blockForEachThread(tape);
        }
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int s0 = part * blockSize();
        for (AttentionBlock block = new AttentionBlock(this, from, to); block.next(); ) {
            forward(kernels, block, y.data(), s0, probabilitiesAt(block, part));
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int s0 = part * blockSize();
        for (AttentionBlock block = new AttentionBlock(this, from, to); block.next(); ) {
            backward(kernels, block, y.grad(), s0, probabilitiesAt(block, part));
        }
    }

    private void forward(Kernels kernels, AttentionBlock block, double[] y, int s0, int p0) {
        int c = channels();
        int query = block.query;
        softmax(kernels, block, s0, p0);
        double[] mixture = p;
        int m0 = p0;
        if (dropout != null) {
            drop(dropout, block, p, p0, scores, s0);
            mixture = scores;
            m0 = s0;
        }
        kernels.lowerNN(
                block.rows,
                channels() / heads,
                block.past,
                mixture,
                m0,
                block.stride,
                v.data(),
                block.key,
                c,
                y,
                query,
                c,
                false);
    }

    private void backward(Kernels kernels, AttentionBlock block, double[] dy, int s0, int p0) {
        int c = channels();
        int rows = block.rows;
        int d = channels() / heads;
        int past = block.past;
        int stride = block.stride;
        int query = block.query;
        int key = block.key;
        if (!keepsProbabilities()) {
            softmax(kernels, block, s0, p0);
        }
        // y = (mask·P)·v   ⇒   dv = (mask·P)ᵀ·dy,  dP = mask·(dy·vᵀ)
        if (v.hasGrad() && dropout == null) {
            kernels.lowerTN(rows, d, past, p, p0, stride, dy, query, c, v.grad(), key, c, true);
        } else if (v.hasGrad()) {
            drop(dropout, block, p, p0, scores, s0);
            kernels.lowerTN(rows, d, past, scores, s0, stride, dy, query, c, v.grad(), key, c, true);
        }
        products(kernels, block, dy, v.data(), s0);
        if (dropout != null) {
            drop(dropout, block, scores, s0, scores, s0);
        }
        // P = softmax(S)   ⇒   dS = P · (dP − Σ dP · P),  computed times s, in place of dP
        kernels.lowerSoftmaxGradient(rows, past, scale, p, p0, stride, scores, s0, stride);
        double[] ds = scores;
        // S = s·q·kᵀ   ⇒   dq = s·dS·k,  dk = s·dSᵀ·q
        if (q.hasGrad()) {
            kernels.lowerNN(rows, d, past, ds, s0, stride, k.data(), key, c, q.grad(), query, c, true);
        }
        if (k.hasGrad()) {
            kernels.lowerTN(rows, d, past, ds, s0, stride, q.data(), query, c, k.grad(), key, c, true);
        }
    }

    /** Computes {@code P} of one block and overwrites {@code scores}. */
    private void softmax(Kernels kernels, AttentionBlock block, int s0, int p0) {
        products(kernels, block, q.data(), k.data(), s0);
        kernels.lowerSoftmax(block.rows, block.past, scale, scores, s0, block.stride, p, p0, block.stride);
    }

    /** Multiplies a block by the dropout mask; {@code to} may be {@code from}. */
    private static void drop(
            DropoutMask dropout, AttentionBlock block, double[] from, int from0, double[] to, int to0) {
        for (int r = 0; r < block.rows; r++) {
            int row = r * block.stride;
            int position = block.past + r;
            long index = ((long) block.head << 48) | ((long) position << 24);
            dropout.apply(block.sequence, index, from, from0 + row, to, to0 + row, position + 1);
        }
    }

    /** Computes the products of the rows of a block with the rows of all keys that each of them attends to. */
    private void products(Kernels kernels, AttentionBlock block, double[] rows, double[] columns, int s0) {
        int d = channels() / heads;
        int c = channels();
        kernels.lowerOfNT(
                block.rows, d, block.past, rows, block.query, c, columns, block.key, c, scores, s0, block.stride);
    }

    private boolean keepsProbabilities() {
        return queries.longest() <= KEPT;
    }

    private double[] blockForEachThread(Tape tape) {
        return tape.buffer(numbers(blockSize(), tape.kernels().threads()));
    }

    private int probabilitiesAt(AttentionBlock block, int part) {
        return keepsProbabilities() ? block.rowsBefore * AttentionBlock.stride(keys.longest()) : part * blockSize();
    }

    /** {@return the number of scores of the largest block} */
    private int blockSize() {
        int rows = Math.min(AttentionBlock.mostRows(keys.longest()), queries.longest());
        return numbers(rows, AttentionBlock.stride(keys.longest()));
    }

    private static int numbers(int rows, int columns) {
        long numbers = (long) rows * columns;
        if (numbers > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("causalAttention: the scores need an array of " + numbers
                    + " numbers, but an array holds at most " + Integer.MAX_VALUE
                    + "; use fewer or shorter sequences at a time");
        }
        return (int) numbers;
    }

    int channels() {
        return shape().columns();
    }
}

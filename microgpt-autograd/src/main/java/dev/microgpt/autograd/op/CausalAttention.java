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
 * Multi-head scaled dot-product attention in which every query sees its own position and those before it:
 * {@code y = softmax(s·q·kᵀ)·v}, for each sequence and each head of {@code d = C / heads} channels; the scale {@code s} is
 * {@code 1/√d} unless another is given.
 *
 * <p>With the probabilities {@code P} of a head: {@code dv = Pᵀ·dy}, {@code dP = dy·vᵀ}, {@code dS = P · (dP − Σ dP ·
 * P)}, {@code dq = s·dS·k}, {@code dk = s·dSᵀ·q}.
 *
 * <p>Sequences are packed: sequence {@code s} has the query rows {@code queries.start(s) …} and the key rows
 * {@code keys.start(s) …}. It may have more keys than queries; then its queries are the last positions and the first
 * keys are the past, as they come from a cache. Keys that a query must not see are skipped, not multiplied by zero.
 *
 * <p>Probabilities are held for 64 to 256 queries at a time and computed again for {@code backward}, unless no sequence
 * is longer than {@value #KEPT}; so memory grows linearly with the length.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al., Attention Is All You Need, 2017</a>
 */
public final class CausalAttention extends RowOp {
    /** Sequences up to this length keep their probabilities for backward: so many numbers a row and head at most. */
    private static final int KEPT = 256;

    private final Tensor q;
    private final Tensor k;
    private final Tensor v;
    private final int heads;
    private final Sequences queries;
    private final Sequences keys;
    private final @Nullable DropoutMask dropout;
    private final double scale;
    private double[] p = {};
    private double[] scores = {};

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
        this(q, k, v, heads, queries, keys, null);
    }

    /**
     * Prepares the attention with dropout of its probabilities: {@code y = (mask · P)·v}.
     *
     * <p>The probability that the query at position {@code i} of a sequence gives to the key at position {@code u} in head
     * {@code h} is number {@code h·2⁴⁸ + i·2²⁴ + u} of the stream of that sequence.
     *
     * @param q       queries, shape {@code (T, C)}
     * @param k       keys, shape {@code (U, C)}
     * @param v       values, shape {@code (U, C)}
     * @param heads   the number of heads, a divisor of {@code C}
     * @param queries where the sequences start in {@code q}
     * @param keys    where the same sequences start in {@code k} and {@code v}, each at least as long as in {@code q}
     * @param dropout a stream for each sequence, or null for none
     * @throws IllegalArgumentException if shapes, heads and sequences do not fit together
     */
    public CausalAttention(
            Tensor q, Tensor k, Tensor v, int heads, Sequences queries, Sequences keys, @Nullable DropoutMask dropout) {
        this(q, k, v, heads, queries, keys, dropout, usualScale(q, heads));
    }

    /**
     * Prepares the attention with a scale of the scores other than {@code 1/√d}, and with dropout or without.
     *
     * @param q       queries, shape {@code (T, C)}
     * @param k       keys, shape {@code (U, C)}
     * @param v       values, shape {@code (U, C)}
     * @param heads   the number of heads, a divisor of {@code C}
     * @param queries where the sequences start in {@code q}
     * @param keys    where the same sequences start in {@code k} and {@code v}, each at least as long as in {@code q}
     * @param dropout a stream for each sequence, or null for none
     * @param scale   what the products of queries and keys are multiplied by; positive and finite
     * @throws IllegalArgumentException if shapes, heads and sequences do not fit together, or if the scale is out of range
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
            throw new IllegalArgumentException(
                    "causalAttention: " + channels + " channels cannot be divided among " + heads + " heads");
        }
        checkRows("q", q, queries);
        checkRows("k", k, keys);
        checkLengths();
        if (dropout != null && dropout.sequences() != queries.count()) {
            throw new IllegalArgumentException("causalAttention: the dropout is for " + dropout.sequences()
                    + " sequences, but there are " + queries.count() + "; there must be as many");
        }
        Checks.positive(this, "scale", scale);
    }

    /** {@code 1/√d}; any number where heads and channels do not fit together, which is refused after this. */
    private static double usualScale(Tensor q, int heads) {
        return heads < 1 || q.shape().rank() != 2
                ? 1.0
                : 1.0 / Math.sqrt(q.shape().columns() / heads);
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

    /** The heads of all sequences. */
    @Override
    protected int items() {
        return queries.count() * heads;
    }

    /** The multiply-adds of the forward pass. */
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
        // P = softmax(S)   ⇒   dS = P · (dP − Σ dP · P),  here times s
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

    /** Writes {@code P} of one block; of {@code scores} nothing is to be kept. */
    private void softmax(Kernels kernels, AttentionBlock block, int s0, int p0) {
        products(kernels, block, q.data(), k.data(), s0);
        kernels.lowerSoftmax(block.rows, block.past, scale, scores, s0, block.stride, p, p0, block.stride);
    }

    /** Writes what the mask leaves of a block. */
    private static void drop(
            DropoutMask dropout, AttentionBlock block, double[] from, int from0, double[] to, int to0) {
        for (int r = 0; r < block.rows; r++) {
            int row = r * block.stride;
            int position = block.past + r;
            long index = ((long) block.head << 48) | ((long) position << 24);
            dropout.apply(block.sequence, index, from, from0 + row, to, to0 + row, position + 1);
        }
    }

    /** Writes the products of the rows of a block with those of the keys that each of them sees. */
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

    /** Room for the scores of one block. */
    private int blockSize() {
        int rows = Math.min(AttentionBlock.mostRows(keys.longest()), queries.longest());
        return numbers(rows, AttentionBlock.stride(keys.longest()));
    }

    private static int numbers(int rows, int columns) {
        long numbers = (long) rows * columns;
        if (numbers > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("causalAttention: the scores take " + numbers
                    + " numbers, but an array holds at most " + Integer.MAX_VALUE
                    + "; give it fewer or shorter sequences at a time");
        }
        return (int) numbers;
    }

    int channels() {
        return shape().columns();
    }

    int heads() {
        return heads;
    }

    Sequences queries() {
        return queries;
    }

    Sequences keys() {
        return keys;
    }
}

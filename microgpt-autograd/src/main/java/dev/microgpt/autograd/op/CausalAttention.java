package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head causal scaled dot-product attention: {@code y = softmax(s·q·kᵀ)·v} for each sequence and each head of
 * {@code d = C / heads} channels, where a query attends to its own position and all earlier ones, or to the last
 * {@code window} of these.
 *
 * <p>Keys and values may have fewer heads, {@code K} in {@code K·d} channels: query head {@code h} then reads head
 * {@code ⌊h·K / heads⌋} of them (grouped queries; multi-query attention if {@code K} is 1).
 *
 * <p>Gradients, with the scores {@code S = s·q·kᵀ} and the probabilities {@code P = softmax(S)} of a head:
 * {@code dv = Pᵀ·dy}, {@code dP = dy·vᵀ}, {@code dS = P · (dP − Σ dP · P)}, {@code dq = s·dS·k}, {@code dk = s·dSᵀ·q}.
 * The gradients of a key and of a value are sums over the query heads that read it, in ascending order.
 *
 * <p>Sequences are packed: sequence {@code i} has the query rows from {@code queries.start(i)} and the key rows from
 * {@code keys.start(i)}. If it has more keys than queries, the queries are its last positions and the first keys come
 * from a key-value cache. Masked keys are skipped, not multiplied by zero.
 *
 * <p>Probabilities are computed for blocks of 64 to 256 queries and recomputed by {@code backward}, so memory grows
 * linearly with the length of the sequences. If no query sees more than about {@value #KEPT} keys, they are kept
 * instead. The keys outside the windows of a block are not read.
 *
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al., Attention Is All You Need, 2017</a>
 * @see <a href="https://arxiv.org/abs/2305.13245">Ainslie et al., GQA: Training Generalized Multi-Query Transformer
 *     Models from Multi-Head Checkpoints, 2023</a>
 * @see <a href="https://arxiv.org/abs/2310.06825">Jiang et al., Mistral 7B, 2023, for the window</a>
 */
public final class CausalAttention extends RowOp {
    /** A window that hides no key. */
    public static final int ALL = Integer.MAX_VALUE;

    /** Widest block whose probabilities are kept for backward: at most this many for each row and head. */
    private static final int KEPT = 256;

    final int heads;
    final int group; // query heads for each head of keys and values
    final int width; // d
    final int window;
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
     * Creates attention with the usual scale {@code s = 1/√d}, without dropout and window.
     *
     * @param q       queries, shape {@code (T, C)}
     * @param k       keys, shape {@code (U, C)} or, with fewer heads, {@code (U, K·d)}
     * @param v       values, shape of the keys
     * @param heads   number of heads, a divisor of {@code C}
     * @param queries offsets of the sequences in {@code q}
     * @param keys    offsets of the same sequences in {@code k} and {@code v}, each at least as long as in {@code q}
     * @throws IllegalArgumentException if shapes, heads and sequences do not match
     */
    public CausalAttention(Tensor q, Tensor k, Tensor v, int heads, Sequences queries, Sequences keys) {
        this(q, k, v, heads, queries, keys, null, usualScale(q, heads), ALL);
    }

    /**
     * Creates attention with any scale and, optionally, a window and dropout of the probabilities:
     * {@code y = (mask · P)·v}.
     *
     * <p>The mask of the query at position {@code i} of a sequence and the key at position {@code u} in head {@code h}
     * depends on number {@code h·2⁴⁸ + i·2²⁴ + u} of that sequence's random stream.
     *
     * @param q       queries, shape {@code (T, C)}
     * @param k       keys, shape {@code (U, C)} or, with fewer heads, {@code (U, K·d)}
     * @param v       values, shape of the keys
     * @param heads   number of heads, a divisor of {@code C}
     * @param queries offsets of the sequences in {@code q}
     * @param keys    offsets of the same sequences in {@code k} and {@code v}, each at least as long as in {@code q}
     * @param dropout the probabilities to drop, with a random stream for each sequence, or null for no dropout
     * @param scale   the factor {@code s} of the scores, positive and finite
     * @param window  the number of keys that a query sees, the last of which is its own; at least 1, {@link #ALL} for
     *     no limit
     * @throws IllegalArgumentException if shapes, heads and sequences do not match, or if scale or window are out of
     *     range
     */
    public CausalAttention(
            Tensor q,
            Tensor k,
            Tensor v,
            int heads,
            Sequences queries,
            Sequences keys,
            @Nullable DropoutMask dropout,
            double scale,
            int window) {
        this.q = q;
        this.k = k;
        this.v = v;
        this.heads = heads;
        this.queries = queries;
        this.keys = keys;
        this.dropout = dropout;
        this.scale = scale;
        this.window = window;
        Checks.matrix(this, "q", q);
        Checks.matrix(this, "k", k);
        Checks.sameShape(this, "k", k, "v", v);
        int channels = q.shape().columns();
        if (heads < 1 || channels % heads != 0) {
            throw new IllegalArgumentException("causalAttention: the number of heads is " + heads
                    + ", but must be at least 1 and divide the " + channels + " channels");
        }
        width = channels / heads;
        group = group(channels, k.shape().columns());
        Checks.packed(this, "q", q, queries);
        Checks.packed(this, "k", k, keys);
        checkLengths();
        if (dropout != null) {
            Checks.streams(this, dropout, queries);
        }
        Checks.positive(this, "scale", scale);
        if (window < 1) {
            throw new IllegalArgumentException("causalAttention: the window is " + window
                    + ", but must be at least 1, because a query sees the key at its own position");
        }
    }

    /** Returns the number of query heads that share a head of keys and values. */
    private int group(int channels, int keyChannels) {
        if (keyChannels % width != 0 || channels % keyChannels != 0) {
            throw new IllegalArgumentException("causalAttention: q is " + q.shape() + " but k is " + k.shape()
                    + "; with " + heads + " heads of " + width + " channels, k must have " + width
                    + " channels for each of its heads, whose number must divide " + heads);
        }
        return channels / keyChannels;
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

    /**
     * {@return {@link #scores} and {@link #probabilities} under these names, each of shape
     * {@code (heads, queries, keys)}, if there is one sequence}
     */
    @Override
    public Map<String, Tensor> details() {
        if (queries.count() > 1) {
            return Map.of();
        }
        Shape shape = Shape.of(heads, queries.rows(), keys.rows());
        Map<String, Tensor> details = new LinkedHashMap<>();
        details.put("scores", Tensor.constant(shape, scores(0)));
        details.put("probabilities", Tensor.constant(shape, probabilities(0)));
        return details;
    }

    /** {@return the number of query heads of all sequences, each of which is computed independently} */
    @Override
    protected int items() {
        return queries.count() * heads;
    }

    /** {@return the number of key heads of all sequences: the query heads that share one add to the same gradients} */
    @Override
    protected int backwardItems() {
        return items() / group;
    }

    @Override
    protected long work() {
        long scores = 0;
        for (int s = 0; s < queries.count(); s++) {
            scores += (long) queries.length(s) * Math.min(keys.length(s), window);
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
                ? tape.buffer(numbers(queries.rows() * heads, widestStride()))
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
        AttentionProducts products = new AttentionProducts(kernels, width);
        int s0 = part * blockSize();
        for (AttentionBlock block = new AttentionBlock(this, from, to); block.next(); ) {
            forward(products, block, y.data(), s0, probabilitiesAt(block, part));
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        AttentionProducts products = new AttentionProducts(kernels, width);
        int s0 = part * blockSize();
        for (AttentionBlock block = new AttentionBlock(this, from * group, to * group); block.next(); ) {
            backward(products, block, y.grad(), s0, probabilitiesAt(block, part));
        }
    }

    private void forward(AttentionProducts products, AttentionBlock block, double[] y, int s0, int p0) {
        softmax(products, block, s0, p0);
        double[] mixture = p;
        int m0 = p0;
        if (dropout != null) {
            products.drop(dropout, block, p, p0, scores, s0);
            mixture = scores;
            m0 = s0;
        }
        products.mix(block, mixture, m0, v.data(), block.key, keyChannels(), y, block.query, channels(), false);
    }

    private void backward(AttentionProducts products, AttentionBlock block, double[] dy, int s0, int p0) {
        int c = channels();
        int kc = keyChannels();
        int query = block.query;
        int key = block.key;
        if (!keepsProbabilities()) {
            softmax(products, block, s0, p0);
        }
        // y = (mask·P)·v   ⇒   dv = (mask·P)ᵀ·dy,  dP = mask·(dy·vᵀ)
        if (v.hasGrad() && dropout == null) {
            products.spread(block, p, p0, dy, query, c, v.grad(), key, kc);
        } else if (v.hasGrad()) {
            products.drop(dropout, block, p, p0, scores, s0);
            products.spread(block, scores, s0, dy, query, c, v.grad(), key, kc);
        }
        products.ofRows(block, dy, query, c, v.data(), key, kc, scores, s0);
        if (dropout != null) {
            products.drop(dropout, block, scores, s0, scores, s0);
        }
        // P = softmax(S)   ⇒   dS = P · (dP − Σ dP · P),  computed times s, in place of dP
        products.softmaxGradient(block, scale, p, p0, scores, s0);
        double[] ds = scores;
        // S = s·q·kᵀ   ⇒   dq = s·dS·k,  dk = s·dSᵀ·q
        if (q.hasGrad()) {
            products.mix(block, ds, s0, k.data(), key, kc, q.grad(), query, c, true);
        }
        if (k.hasGrad()) {
            products.spread(block, ds, s0, q.data(), query, c, k.grad(), key, kc);
        }
    }

    /** Computes {@code P} of one block and overwrites {@code scores}. */
    private void softmax(AttentionProducts products, AttentionBlock block, int s0, int p0) {
        products.ofRows(block, q.data(), block.query, channels(), k.data(), block.key, keyChannels(), scores, s0);
        products.softmax(block, scale, scores, s0, p, p0);
    }

    /** {@return the number of query heads} */
    public int heads() {
        return heads;
    }

    /** {@return the number of heads of keys and values, a divisor of {@link #heads()}} */
    public int keyHeads() {
        return heads / group;
    }

    /** {@return the number of keys that a query sees, {@link #ALL} for no limit} */
    public int window() {
        return window;
    }

    /** {@return the factor of the scores} */
    public double scale() {
        return scale;
    }

    /**
     * Returns the dot products of queries and keys, before they are scaled: the very numbers that {@code forward}
     * computes, which it does not keep. For inspection; costs a part of the forward pass.
     *
     * @param sequence the index of a sequence
     * @return shape {@code (heads, queries, keys)} in row-major order, 0 where a query does not see a key
     * @throws IllegalArgumentException if there is no such sequence
     * @throws IllegalStateException    if the tape of queries or keys was reset
     */
    public double[] scores(int sequence) {
        return ofSequence(sequence, false);
    }

    /**
     * Returns the probabilities with which queries mix the values, before dropout: the very numbers that
     * {@code forward} computes. For inspection; costs a part of the forward pass.
     *
     * @param sequence the index of a sequence
     * @return shape {@code (heads, queries, keys)} in row-major order, 0 where a query does not see a key
     * @throws IllegalArgumentException if there is no such sequence
     * @throws IllegalStateException    if the tape of queries or keys was reset
     */
    public double[] probabilities(int sequence) {
        return ofSequence(sequence, true);
    }

    private double[] ofSequence(int sequence, boolean asProbabilities) {
        int rows = queries.length(sequence);
        int columns = keys.length(sequence);
        double[] all = new double[numbers(Math.multiplyExact(heads, rows), columns)];
        AttentionProducts products = new AttentionProducts(Kernels.active(), width);
        double[] dots = new double[blockSize()];
        double[] result = asProbabilities ? new double[blockSize()] : dots;
        for (AttentionBlock block = new AttentionBlock(this, sequence * heads, (sequence + 1) * heads);
                block.next(); ) {
            products.ofRows(block, q.data(), block.query, channels(), k.data(), block.key, keyChannels(), dots, 0);
            if (asProbabilities) {
                products.softmax(block, scale, dots, 0, result, 0);
            }
            for (int r = 0; r < block.rows; r++) {
                int position = block.position + r;
                int first = block.isBand ? r : 0;
                int seen = block.past + r + 1 - first;
                int row = (block.head * rows + position - (columns - rows)) * columns;
                System.arraycopy(result, r * block.stride + first, all, row + position + 1 - seen, seen);
            }
        }
        return all;
    }

    private boolean keepsProbabilities() {
        return widest() <= KEPT;
    }

    private double[] blockForEachThread(Tape tape) {
        return tape.buffer(numbers(blockSize(), tape.kernels().threads()));
    }

    private int probabilitiesAt(AttentionBlock block, int part) {
        return keepsProbabilities() ? block.rowsBefore * widestStride() : part * blockSize();
    }

    /** {@return the number of scores of the largest block} */
    private int blockSize() {
        return numbers(Math.min(mostRows(), queries.longest()), widestStride());
    }

    /** {@return the largest number of queries in a block} */
    int mostRows() {
        return seesAll() ? AttentionBlock.mostRows(keys.longest()) : AttentionBlock.mostRowsOfWindow(window);
    }

    private boolean seesAll() {
        return keys.longest() <= window;
    }

    private int widestStride() {
        return AttentionBlock.stride(widest());
    }

    /** {@return the number of keys in the widest block} */
    private int widest() {
        return seesAll() ? keys.longest() : window - 1 + mostRows();
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

    int keyChannels() {
        return k.shape().columns();
    }
}

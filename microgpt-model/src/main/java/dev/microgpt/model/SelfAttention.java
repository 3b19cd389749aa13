package dev.microgpt.model;

import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Causal multi-head self-attention with its four projections, each with an optional bias:
 * {@code y = attention(x·wqᵀ, x·wkᵀ, x·wvᵀ)·woᵀ}.
 *
 * <p>Keys and values may have fewer heads than queries, heads any width, and each head of queries and keys may be
 * normalized before positions turn it. With a window, a position sees the last ones only.
 *
 * <p>Named {@linkplain dev.microgpt.autograd.Hook points}: {@code attn_q}, {@code attn_k} and {@code attn_v}, as the
 * attention reads them, and {@code attn_heads}, shape {@code (T, H·d)}, what the heads have mixed.
 *
 * @see dev.microgpt.autograd.op.CausalAttention
 * @see <a href="https://arxiv.org/abs/1706.03762">Vaswani et al., Attention Is All You Need, 2017</a>
 * @see <a href="https://arxiv.org/abs/2305.13245">Ainslie et al., GQA: Training Generalized Multi-Query Transformer
 *     Models from Multi-Head Checkpoints, 2023</a>
 * @see <a href="https://arxiv.org/abs/2010.04245">Henry et al., Query-Key Normalization for Transformers, 2020</a>
 */
public final class SelfAttention implements SequenceLayer {
    private final int heads;
    private final int keyHeads;
    private final int window;
    private final double scale;
    private final Projection wq;
    private final Projection wk;
    private final Projection wv;
    private final Projection wo;
    private final @Nullable Layer queryNorm;
    private final @Nullable Layer keyNorm;
    private final Positions.Encoding positions;
    private final DropoutSite probabilities;
    private final String queriesPoint;
    private final String keysPoint;
    private final String valuesPoint;
    private final String headsPoint;

    /** Lets every position attend to itself and to the earlier positions of its sequence. */
    @Override
    public Tensor forward(Tape tape, Tensor x, Batch batch) {
        return forward(tape, x, batch, null);
    }

    @Override
    public Tensor together(Tape tape, Tensor x, Batch batch, List<Batch> each, List<Layer> memories) {
        return forward(tape, x, batch, new Reading() {
            @Override
            public Tensor attention(Tape on, Tensor q, Tensor k, Tensor v, Batch rows) {
                Tensor[] mixed = new Tensor[memories.size()];
                for (int i = 0; i < mixed.length; i++) {
                    mixed[i] = ((KeyValueCache) memories.get(i))
                            .attention(
                                    on,
                                    on.sliceRows(q, i, i + 1),
                                    on.sliceRows(k, i, i + 1),
                                    on.sliceRows(v, i, i + 1),
                                    each.get(i));
                }
                return on.concatenateRows(mixed);
            }
        });
    }

    /** What new positions attend to. */
    private interface Reading {
        Tensor attention(Tape tape, Tensor q, Tensor k, Tensor v, Batch batch);
    }

    private Tensor forward(Tape tape, Tensor x, Batch batch, @Nullable Reading past) {
        Tensor q = normalized(tape, wq.forward(tape, x, batch), heads, queryNorm, batch);
        Tensor k = normalized(tape, wk.forward(tape, x, batch), keyHeads, keyNorm, batch);
        Tensor v = wv.forward(tape, x, batch);
        q = tape.point(queriesPoint, positions.turn(tape, q, heads, batch));
        k = tape.point(keysPoint, positions.turn(tape, k, keyHeads, batch));
        v = tape.point(valuesPoint, v);
        Tensor y = past == null
                ? attention(tape, q, k, v, batch, batch.sequences())
                : past.attention(tape, q, k, v, batch);
        return wo.forward(tape, tape.point(headsPoint, y), batch);
    }

    /** Normalizes each head of each row. */
    private static Tensor normalized(Tape tape, Tensor x, int heads, @Nullable Layer norm, Batch batch) {
        if (norm == null) {
            return x;
        }
        Shape shape = x.shape();
        Tensor rows = tape.reshape(x, shape.rows() * heads, shape.columns() / heads);
        return tape.reshape(norm.forward(tape, rows, batch), shape.rows(), shape.columns());
    }

    private Tensor attention(Tape tape, Tensor q, Tensor k, Tensor v, Batch batch, Sequences keys) {
        return tape.apply(
                new CausalAttention(q, k, v, heads, batch.sequences(), keys, probabilities.mask(batch), scale, window));
    }

    /** Keeps the keys and values of earlier positions, in {@code 16 · K · d} bytes each; with a window, the last. */
    @Override
    public Layer decoder(int maxPositions) {
        return new KeyValueCache(maxPositions);
    }

    @Override
    public boolean isEndless() {
        return window != CausalAttention.ALL;
    }

    /** The keys and values of the last positions of one sequence that the next one may see. */
    private final class KeyValueCache implements Layer, Reading {
        private static final int FIRST_ROWS = 64;

        private final int maxPositions;
        private double[] keys = {};
        private double[] values = {};
        private int first; // position of the first

        KeyValueCache(int maxPositions) {
            this.maxPositions = maxPositions;
        }

        @Override
        public Tensor forward(Tape tape, Tensor x, Batch batch) {
            return SelfAttention.this.forward(tape, x, batch, this);
        }

        /** Stores the keys and values of new positions, and attends to all that these see. */
        @Override
        public Tensor attention(Tape tape, Tensor q, Tensor k, Tensor v, Batch batch) {
            int channels = k.shape().columns();
            int added = k.shape().size();
            int past = batch.firstPosition();
            if (past == 0) {
                first = 0;
            }
            makeRoom(past, k.shape().rows(), channels);
            System.arraycopy(k.data(), 0, keys, (past - first) * channels, added);
            System.arraycopy(v.data(), 0, values, (past - first) * channels, added);
            Shape all = Shape.of(past - first + k.shape().rows(), channels);
            return SelfAttention.this.attention(
                    tape,
                    q,
                    Tensor.constant(all, keys),
                    Tensor.constant(all, values),
                    batch,
                    Sequences.ofLengths(all.rows()));
        }

        /**
         * Forgets what is out of sight when the arrays are full, and doubles them if little is: their size follows the
         * sequence, since a file may claim any block size.
         */
        private void makeRoom(int past, int added, int channels) {
            int capacity = keys.length / channels;
            if (past - first + added <= capacity) {
                return;
            }
            int seen = Math.min(past - first, window - 1);
            int from = (past - first - seen) * channels;
            int size = keys.length;
            if (seen + added > capacity / 2) { // or every position would move all
                int most = window == CausalAttention.ALL ? maxPositions : Integer.MAX_VALUE;
                long rows = Math.min(most, Math.max(FIRST_ROWS, 2L * (seen + added)));
                size = Shape.of((int) rows, channels).size();
            }
            keys = moved(keys, from, seen * channels, size);
            values = moved(values, from, seen * channels, size);
            first = past - seen;
        }

        private static double[] moved(double[] rows, int from, int length, int size) {
            double[] target = rows.length == size ? rows : new double[size];
            System.arraycopy(rows, from, target, 0, length);
            return target;
        }
    }

    /**
     * Creates the layer, requesting {@code attn_wq}, shape {@code (H·d, C)}, {@code attn_wk} and {@code attn_wv}, shape
     * {@code (K·d, C)}, and {@code attn_wo}, shape {@code (C, H·d)}, each followed by its bias, if there are biases:
     * {@code attn_bq}, {@code attn_bk}, {@code attn_bv} and {@code attn_bo}; then the norms in scopes
     * {@code attn_q_norm} and {@code attn_k_norm}, whose channels are those of one head.
     *
     * @param scope     the scope of the block's weights
     * @param config    the sizes and parts of the model
     * @param layer     the index of the block in the model, from 0
     * @param positions turns queries and keys
     */
    public SelfAttention(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
        int channels = config.nEmbd();
        int width = config.headDim();
        boolean bias = config.get(GptConfig.BIAS);
        boolean qkvBias = bias || config.get(GptConfig.QKV_BIAS);
        heads = config.nHead();
        keyHeads = config.nKvHead();
        window = config.get(GptConfig.WINDOW) == 0 ? CausalAttention.ALL : config.get(GptConfig.WINDOW);
        scale = config.get(GptConfig.ATTENTION_SCALE).of(width, layer);
        int queryChannels = Math.multiplyExact(heads, width);
        int keyChannels = Math.multiplyExact(keyHeads, width);
        wq = Projection.of(scope, config, "attn_wq", qkvBias ? "attn_bq" : null, queryChannels, channels);
        wk = Projection.of(scope, config, "attn_wk", qkvBias ? "attn_bk" : null, keyChannels, channels);
        wv = Projection.of(scope, config, "attn_wv", qkvBias ? "attn_bv" : null, keyChannels, channels);
        wo = Projection.toResidual(scope, config, "attn_wo", bias ? "attn_bo" : null, channels, queryChannels);
        Norm norm = config.get(GptConfig.QK_NORM);
        double eps = config.get(GptConfig.NORM_EPS);
        queryNorm = norm == Norm.NONE ? null : norm.create(scope.scope("attn_q_norm"), width, eps);
        keyNorm = norm == Norm.NONE ? null : norm.create(scope.scope("attn_k_norm"), width, eps);
        probabilities = DropoutSite.ofProbabilities(config.get(GptConfig.DROPOUT), layer);
        this.positions = positions;
        queriesPoint = scope.name("attn_q");
        keysPoint = scope.name("attn_k");
        valuesPoint = scope.name("attn_v");
        headsPoint = scope.name("attn_heads");
    }
}

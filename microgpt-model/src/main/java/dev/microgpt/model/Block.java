package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * A transformer block in the pre-norm form of GPT-2: {@code x = x + attention(norm(x))}, then
 * {@code x = x + mlp(norm(x))}.
 *
 * <p>Named {@linkplain dev.microgpt.autograd.Hook points}, each of shape {@code (T, C)}: {@code attn_in},
 * {@code attn_out}, the residual stream {@code stream_mid}, {@code mlp_in}, {@code mlp_out} and the stream
 * {@code stream}.
 */
public final class Block implements SequenceLayer {
    private final Layer attentionNorm;
    private final SequenceLayer attention;
    private final DropoutSite attentionDropout;
    private final Layer mlpNorm;
    private final Layer mlp;
    private final DropoutSite mlpDropout;
    private final String attentionIn;
    private final String attentionOut;
    private final String middleStream;
    private final String mlpIn;
    private final String mlpOut;
    private final String stream;

    /** Adds the outputs of attention and MLP to the residual stream {@code x}. */
    @Override
    public Tensor forward(Tape tape, Tensor x, Batch batch) {
        return forward(tape, x, batch, attention);
    }

    private Tensor forward(Tape tape, Tensor x, Batch batch, Layer attending) {
        Tensor in = tape.point(attentionIn, attentionNorm.forward(tape, x, batch));
        Tensor attended = tape.point(attentionOut, attending.forward(tape, in, batch));
        Tensor middle = tape.point(middleStream, tape.add(attentionDropout.apply(tape, attended, batch), x));
        Tensor mlpInput = tape.point(mlpIn, mlpNorm.forward(tape, middle, batch));
        Tensor transformed = tape.point(mlpOut, mlp.forward(tape, mlpInput, batch));
        return tape.point(stream, tape.add(mlpDropout.apply(tape, transformed, batch), middle));
    }

    @Override
    public Layer decoder(int maxPositions) {
        return new Memory(attention.decoder(maxPositions));
    }

    @Override
    public Tensor together(Tape tape, Tensor x, Batch batch, List<Batch> each, List<Layer> memories) {
        List<Layer> remembering = new ArrayList<>(memories.size());
        for (Layer memory : memories) {
            remembering.add(((Memory) memory).attending);
        }
        Layer attending = new Layer() {
            @Override
            public Tensor forward(Tape on, Tensor in, Batch rows) {
                return attention.together(on, in, rows, each, remembering);
            }
        };
        return forward(tape, x, batch, attending);
    }

    /** This block for one sequence, which its attention remembers. */
    private final class Memory implements Layer {
        private final Layer attending;

        Memory(Layer attending) {
            this.attending = attending;
        }

        @Override
        public Tensor forward(Tape tape, Tensor x, Batch batch) {
            return Block.this.forward(tape, x, batch, attending);
        }
    }

    @Override
    public boolean isEndless() {
        return attention.isEndless();
    }

    /**
     * Creates a block, requesting its weights in this order: the norm in scope {@code attn_norm}, the attention, the
     * norm in scope {@code mlp_norm}, the MLP.
     *
     * @param scope     the scope of this block's weights
     * @param config    the sizes and parts of the model
     * @param layer     the index of this block in the model, from 0
     * @param positions the position encoding of the model
     */
    public Block(Scope scope, GptConfig config, int layer, Positions.Encoding positions) {
        Norm norm = config.norm();
        double eps = config.get(GptConfig.NORM_EPS);
        double dropout = config.get(GptConfig.DROPOUT);
        attentionNorm = norm.create(scope.scope("attn_norm"), config.nEmbd(), eps);
        attention = config.attention().create(scope, config, layer, positions);
        attentionDropout = DropoutSite.ofAttention(dropout, layer);
        mlpNorm = norm.create(scope.scope("mlp_norm"), config.nEmbd(), eps);
        mlp = config.mlp().create(scope, config);
        mlpDropout = DropoutSite.ofMlp(dropout, layer);
        attentionIn = scope.name("attn_in");
        attentionOut = scope.name("attn_out");
        middleStream = scope.name("stream_mid");
        mlpIn = scope.name("mlp_in");
        mlpOut = scope.name("mlp_out");
        stream = scope.name("stream");
    }
}

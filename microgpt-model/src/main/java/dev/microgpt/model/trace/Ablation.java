package dev.microgpt.model.trace;

import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import java.util.ArrayList;
import java.util.List;

/**
 * A part of a model that can be switched off: what the part adds is replaced by zeros, and the difference in the
 * predictions is what it did.
 *
 * <pre>{@code
 * Hooks hooks = Hooks.of(model);
 * for (Ablation ablation : Ablation.of(model)) {
 *     Tape tape = Tape.inference();
 *     tape.addHook(ablation.addTo(hooks.empty()));
 *     Tensor without = model.forward(tape, batch);
 * }
 * }</pre>
 *
 * @param kind  what is switched off
 * @param layer the index of the layer, from 0
 * @param head  the index of the head, from 0; −1 for another kind
 * @param width the number of channels of a head; 0 for another kind
 */
public record Ablation(Kind kind, int layer, int head, int width) {
    /** The kinds of parts. */
    public enum Kind {
        /** One head of an attention: its columns of {@code attn_heads}. */
        HEAD,
        /** The attention of a layer: {@code attn_out}. */
        ATTENTION,
        /** The MLP of a layer: {@code mlp_out}. */
        MLP,
        /** A whole layer: attention and MLP, so that the residual stream passes unchanged. */
        LAYER
    }

    /**
     * Returns all parts of a model that can be switched off.
     *
     * @param model the model
     * @return for each layer its heads, if its attention names them and there are several; its attention, its MLP, and
     *     the whole; empty for a model without such points
     */
    public static List<Ablation> of(LanguageModel model) {
        List<String> points = Hooks.of(model).points();
        List<Ablation> ablations = new ArrayList<>();
        for (int layer = 0; points.contains(attention(layer)) && points.contains(mlp(layer)); layer++) {
            if (model.config() instanceof GptConfig config && points.contains(heads(layer)) && config.nHead() > 1) {
                for (int head = 0; head < config.nHead(); head++) {
                    ablations.add(new Ablation(Kind.HEAD, layer, head, config.headDim()));
                }
            }
            for (Kind kind : List.of(Kind.ATTENTION, Kind.MLP, Kind.LAYER)) {
                ablations.add(new Ablation(kind, layer, -1, 0));
            }
        }
        return ablations;
    }

    /**
     * Adds to the hooks of a model what switches this part off.
     *
     * @param hooks those of a model that has this part
     * @return the same hooks, for a tape on which the model runs
     * @throws IllegalArgumentException if the model has no such part
     */
    public Hooks addTo(Hooks hooks) {
        return switch (kind) {
            case HEAD -> hooks.zero(heads(layer), head * width, (head + 1) * width);
            case ATTENTION -> hooks.zero(attention(layer));
            case MLP -> hooks.zero(mlp(layer));
            case LAYER -> hooks.zero(attention(layer)).zero(mlp(layer));
        };
    }

    private static String heads(int layer) {
        return "layer" + layer + ".attn_heads";
    }

    private static String attention(int layer) {
        return "layer" + layer + ".attn_out";
    }

    private static String mlp(int layer) {
        return "layer" + layer + ".mlp_out";
    }

    /** {@return the name of the part, such as {@code layer 0, head 2}} */
    @Override
    public String toString() {
        return "layer " + layer
                + switch (kind) {
                    case HEAD -> ", head " + head;
                    case ATTENTION -> ", attention";
                    case MLP -> ", MLP";
                    case LAYER -> "";
                };
    }
}

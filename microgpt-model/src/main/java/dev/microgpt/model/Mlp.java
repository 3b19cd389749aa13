package dev.microgpt.model;

import dev.microgpt.model.setting.Part;
import java.util.List;

/**
 * The multilayer perceptron of a block, which transforms each position alone.
 *
 * @see Part
 */
@FunctionalInterface
public interface Mlp extends Part<Mlp> {
    /** Two linear layers with an activation function in between, {@link TwoLayerMlp}. */
    Mlp PLAIN = Mlps.PLAIN;

    /** A {@link GatedMlp} with SiLU as the function of the gate, as in Llama. */
    Mlp SWIGLU = Mlps.SWIGLU;

    /** A {@link GatedMlp} with exact GELU as the function of the gate. */
    Mlp GEGLU = Mlps.GEGLU;

    /** The library's own. */
    List<Mlp> BUILT_IN = List.of(PLAIN, SWIGLU, GEGLU);

    /**
     * Creates the MLP of one block, which requests its weights from the scope.
     *
     * @param scope  the scope of the block; the names {@code attn_norm}, {@code mlp_norm} and those that begin with
     *     {@code attn_} are taken
     * @param config the sizes and parts of the model, of which the layer may use any
     * @return a layer from {@code (T, C)} to {@code (T, C)}
     */
    Layer create(Scope scope, GptConfig config);
}

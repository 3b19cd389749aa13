package dev.microgpt.model;

/** Makes the part of a block that works on each position alone: {@link Mlp}, or a layer of your own in its place. */
@FunctionalInterface
public interface MlpFactory {
    /**
     * Makes the layer of one block, which asks for its weights.
     *
     * @param scope  where the weights come from: that of the block, whose attention and norms have the names that
     *     {@link Block} and {@link SelfAttention} say
     * @param config tells the channels {@code C} and the variant, of which the layer uses what it wants
     * @return a layer from {@code (T, C)} to {@code (T, C)}
     */
    Layer create(Scope scope, GptConfig config);
}

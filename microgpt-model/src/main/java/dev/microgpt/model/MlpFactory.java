package dev.microgpt.model;

/** Creates the position-wise layer of each block: {@link Mlp}, or a layer of your own in its place. */
@FunctionalInterface
public interface MlpFactory {
    /**
     * Creates the layer of one block, which requests its weights from the scope.
     *
     * @param scope  the scope of the block; the names used by {@link Block} and {@link SelfAttention} are taken
     * @param config sizes and variant of the model, of which the layer may use any
     * @return a layer from {@code (T, C)} to {@code (T, C)}
     */
    Layer create(Scope scope, GptConfig config);
}

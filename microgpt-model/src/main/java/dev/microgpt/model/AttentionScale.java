package dev.microgpt.model;

/**
 * The factor that attention applies to the dot products of queries and keys, for heads of {@code d} channels and layers
 * counted from 0. Nearly all models use {@link #HEAD}; the others are options of Hugging Face's GPT-2.
 */
public enum AttentionScale {
    /** {@code 1/√d}, as in GPT-2, nanoGPT and microgpt. */
    HEAD("head") {
        @Override
        public double of(int headChannels, int layer) {
            return 1.0 / Math.sqrt(headChannels);
        }
    },
    /** {@code 1/(√d · (layer + 1))}: Hugging Face's {@code scale_attn_by_inverse_layer_idx}. */
    HEAD_AND_LAYER("head-and-layer") {
        @Override
        public double of(int headChannels, int layer) {
            return 1.0 / Math.sqrt(headChannels) / (layer + 1);
        }
    },
    /** {@code 1/(layer + 1)}: {@link #HEAD_AND_LAYER} without {@code scale_attn_weights}. */
    LAYER("layer") {
        @Override
        public double of(int headChannels, int layer) {
            return 1.0 / (layer + 1);
        }
    },
    /** No scaling, factor 1. */
    NONE("none") {
        @Override
        public double of(int headChannels, int layer) {
            return 1.0;
        }
    };

    private final String label;

    AttentionScale(String label) {
        this.label = label;
    }

    /**
     * Returns the factor.
     *
     * @param headChannels the number of channels {@code d} of a head
     * @param layer        the index of the layer, from 0
     * @return the factor
     */
    public abstract double of(int headChannels, int layer);

    /** {@return the name used in files} */
    @Override
    public String toString() {
        return label;
    }
}

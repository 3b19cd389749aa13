package dev.microgpt.model;

/**
 * What attention multiplies the products of queries and keys by, with {@code d} channels a head and layers counted from 0.
 * Nearly all models have {@link #HEAD}; the others are choices that Hugging Face's GPT-2 has.
 */
public enum AttentionScale {
    /** {@code 1/√d}: GPT-2's, nanoGPT's and microgpt's. */
    HEAD("head") {
        @Override
        double of(int headChannels, int layer) {
            return 1.0 / Math.sqrt(headChannels);
        }
    },
    /** {@code 1/(√d · (layer + 1))}: {@code scale_attn_by_inverse_layer_idx}. */
    HEAD_AND_LAYER("head-and-layer") {
        @Override
        double of(int headChannels, int layer) {
            return 1.0 / Math.sqrt(headChannels) / (layer + 1);
        }
    },
    /** {@code 1/(layer + 1)}: the same without {@code scale_attn_weights}. */
    LAYER("layer") {
        @Override
        double of(int headChannels, int layer) {
            return 1.0 / (layer + 1);
        }
    },
    /** 1: neither. */
    NONE("none") {
        @Override
        double of(int headChannels, int layer) {
            return 1.0;
        }
    };

    private final String label;

    AttentionScale(String label) {
        this.label = label;
    }

    abstract double of(int headChannels, int layer);

    /** {@return the name in files} */
    @Override
    public String toString() {
        return label;
    }
}

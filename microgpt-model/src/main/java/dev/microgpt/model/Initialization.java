package dev.microgpt.model;

/**
 * The distribution of the initial weights. Gains are initialized to 1 and biases to 0.
 *
 * @see <a href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
 *     Radford et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.3</a>, for {@link #GPT2}
 */
public enum Initialization {
    /** All weights are drawn from {@code N(0, 0.08)}, as in microgpt. */
    MICROGPT("microgpt") {
        @Override
        public Initializer weights(int channels) {
            return Initializer.normal(0.08);
        }

        @Override
        public Initializer residualWeights(int channels, int layers) {
            return weights(channels);
        }
    },
    /**
     * Weights are drawn from {@code N(0, 0.02)}, those of projections to the residual stream from
     * {@code N(0, 0.02 / √(2·layers))}, which keeps its variance independent of the number of layers.
     */
    GPT2("gpt2") {
        @Override
        public Initializer weights(int channels) {
            return Initializer.normal(GPT2_STD);
        }

        @Override
        public Initializer residualWeights(int channels, int layers) {
            return Initializer.normal(GPT2_STD / Math.sqrt(2.0 * layers));
        }
    },
    /**
     * {@link #GPT2} adapted to the width {@code C}: the standard deviation is {@code 0.02 · √(768 / C)} instead of
     * 0.02, which makes products as large as in GPT-2 with its 768 channels. Narrow models learn faster with it.
     */
    SCALED("scaled") {
        @Override
        public Initializer weights(int channels) {
            return Initializer.normal(scaledStd(channels));
        }

        @Override
        public Initializer residualWeights(int channels, int layers) {
            return Initializer.normal(scaledStd(channels) / Math.sqrt(2.0 * layers));
        }
    },
    /**
     * {@link #SCALED}, but the projections to the residual stream and a head of its own begin as zeros, as in nanochat:
     * at first each block passes its input on, and all tokens have the same probability.
     *
     * @see <a href="https://github.com/karpathy/nanochat">Karpathy, nanochat, 2025</a>
     */
    ZERO_OUT("zero-out") {
        @Override
        public Initializer weights(int channels) {
            return SCALED.weights(channels);
        }

        @Override
        public Initializer residualWeights(int channels, int layers) {
            return Initializer.constant(0.0);
        }

        @Override
        public Initializer headWeights(int channels) {
            return Initializer.constant(0.0);
        }
    };

    private static final double GPT2_STD = 0.02;
    private static final double GPT2_CHANNELS = 768;

    private final String label;

    Initialization(String label) {
        this.label = label;
    }

    /**
     * Returns the initializer of weights.
     *
     * @param channels the number of channels {@code C} of the model
     * @return the initializer
     */
    public abstract Initializer weights(int channels);

    /**
     * Returns the initializer of the projections to the residual stream, two in each layer.
     *
     * @param channels the number of channels {@code C} of the model
     * @param layers   the number of layers
     * @return the initializer
     */
    public abstract Initializer residualWeights(int channels, int layers);

    /**
     * Returns the initializer of a head that does not share the weights of the token embedding.
     *
     * @param channels the number of channels {@code C} of the model
     * @return that of {@link #weights}, unless the initialization says otherwise
     */
    public Initializer headWeights(int channels) {
        return weights(channels);
    }

    private static double scaledStd(int channels) {
        return GPT2_STD * Math.sqrt(GPT2_CHANNELS / channels);
    }

    /** {@return the name used in files and options} */
    @Override
    public String toString() {
        return label;
    }
}

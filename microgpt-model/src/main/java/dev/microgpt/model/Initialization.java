package dev.microgpt.model;

/** How the first weights are drawn. Gains begin with 1 and biases with 0. */
public enum Initialization {
    /** All weights from {@code N(0, 0.08)}. */
    MICROGPT("microgpt") {
        @Override
        Initializer weights(int channels) {
            return Initializer.normal(0.08);
        }

        @Override
        Initializer residualWeights(int channels, int layers) {
            return weights(channels);
        }
    },
    /**
     * Weights from {@code N(0, 0.02)}, those that write to the residual stream from {@code N(0, 0.02 / √(2·layers))}, so
     * that its variance does not grow with the number of layers.
     *
     * @see <a href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
     *     Radford et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.3</a>
     */
    GPT2("gpt2") {
        @Override
        Initializer weights(int channels) {
            return Initializer.normal(GPT2_STD);
        }

        @Override
        Initializer residualWeights(int channels, int layers) {
            return Initializer.normal(GPT2_STD / Math.sqrt(2.0 * layers));
        }
    },
    /**
     * GPT-2's for any width: as {@link #GPT2}, with {@code 0.02 · √(768 / C)} in place of 0.02, so that products are as
     * large as in GPT-2 with its 768 channels. Narrow models learn faster from it.
     */
    SCALED("scaled") {
        @Override
        Initializer weights(int channels) {
            return Initializer.normal(scaledStd(channels));
        }

        @Override
        Initializer residualWeights(int channels, int layers) {
            return Initializer.normal(scaledStd(channels) / Math.sqrt(2.0 * layers));
        }
    };

    private static final double GPT2_STD = 0.02;
    private static final double GPT2_CHANNELS = 768;

    private final String label;

    Initialization(String label) {
        this.label = label;
    }

    abstract Initializer weights(int channels);

    /** The weights whose products are added to the residual stream, two in each layer. */
    abstract Initializer residualWeights(int channels, int layers);

    private static double scaledStd(int channels) {
        return GPT2_STD * Math.sqrt(GPT2_CHANNELS / channels);
    }

    /** {@return the name in options and files} */
    @Override
    public String toString() {
        return label;
    }
}

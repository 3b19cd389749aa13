package dev.microgpt.model;

/** How the first weights are drawn. Gains begin with 1 and biases with 0. */
public enum Initialization {
    /** All weights from {@code N(0, 0.08)}. */
    MICROGPT("microgpt", 0.08),
    /**
     * Weights from {@code N(0, 0.02)}, those that write to the residual stream from {@code N(0, 0.02 / √(2·layers))}, so
     * that its variance does not grow with the number of layers.
     *
     * @see <a href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
     *     Radford et al., Language Models are Unsupervised Multitask Learners, 2019, section 2.3</a>
     */
    GPT2("gpt2", 0.02);

    private final String label;
    private final double std;

    Initialization(String label, double std) {
        this.label = label;
        this.std = std;
    }

    Initializer weights() {
        return Initializer.normal(std);
    }

    /** The weights whose products are added to the residual stream, two in each layer. */
    Initializer residualWeights(int layers) {
        return this == GPT2 ? Initializer.normal(std / Math.sqrt(2.0 * layers)) : weights();
    }

    /** {@return the name in options and files} */
    @Override
    public String toString() {
        return label;
    }
}

package dev.microgpt.model;

import java.util.Objects;

/**
 * What a model is made of, whatever its size.
 *
 * @param norm           how the residual stream is normalised
 * @param activation     the function inside {@link Mlp}
 * @param bias           whether the products of the layers have biases
 * @param tieHead        whether the head is the table of the token embedding
 * @param embeddingNorm  whether a norm follows right after the embedding
 * @param finalNorm      whether a norm comes before the head
 * @param dropout        the share of elements that are dropped in training, after the embedding, of the probabilities of
 *     attention, and of what each layer adds to the residual stream; from 0 to below 1
 * @param initialization how the first weights are drawn
 * @param normEps        what the norms add to the mean square, or to the variance; positive
 * @param attentionScale what attention multiplies the products of queries and keys by
 */
public record GptVariant(
        Norm norm,
        Activation activation,
        boolean bias,
        boolean tieHead,
        boolean embeddingNorm,
        boolean finalNorm,
        double dropout,
        Initialization initialization,
        double normEps,
        AttentionScale attentionScale) {
    /** What the norms of nearly all models add, also of microgpt, nanoGPT and GPT-2. */
    public static final double NORM_EPS = 1e-5;

    /** microgpt's: RMSNorm without gain, also after the embedding but not before the head; ReLU, no biases. */
    public static final GptVariant MICROGPT =
            new GptVariant(Norm.RMS, Activation.RELU, false, false, true, false, 0.0, Initialization.MICROGPT);

    /**
     * nanoGPT's when it trains small models: layer norm and products without bias, exact GELU, a tied head; but the first
     * weights are larger than nanoGPT's, which are those of GPT-2 at any width.
     */
    public static final GptVariant NANO =
            new GptVariant(Norm.LAYER, Activation.GELU, false, true, false, true, 0.0, Initialization.SCALED);

    /** GPT-2's: biases everywhere, the tanh form of GELU, a tied head, and dropout of one in ten. */
    public static final GptVariant GPT2 =
            new GptVariant(Norm.LAYER_BIAS, Activation.GELU_TANH, true, true, false, true, 0.1, Initialization.GPT2);

    /**
     * Checks the numbers.
     *
     * @param norm see above
     * @param activation see above
     * @param bias see above
     * @param tieHead see above
     * @param embeddingNorm see above
     * @param finalNorm see above
     * @param dropout see above
     * @param initialization see above
     * @param normEps see above
     * @param attentionScale see above
     * @throws IllegalArgumentException if the dropout or the constant of the norms is out of range
     */
    public GptVariant {
        Objects.requireNonNull(norm, "norm is null");
        Objects.requireNonNull(activation, "activation is null");
        Objects.requireNonNull(initialization, "initialization is null");
        Objects.requireNonNull(attentionScale, "attentionScale is null");
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout is " + dropout + ", but must be at least 0 and below 1");
        }
        if (!(normEps > 0) || normEps == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("norm-eps is " + normEps + ", but must be positive and finite");
        }
    }

    /**
     * Makes a variant with {@link #NORM_EPS} and {@link AttentionScale#HEAD}.
     *
     * @param norm see above
     * @param activation see above
     * @param bias see above
     * @param tieHead see above
     * @param embeddingNorm see above
     * @param finalNorm see above
     * @param dropout see above
     * @param initialization see above
     * @throws IllegalArgumentException if the dropout is out of range
     */
    public GptVariant(
            Norm norm,
            Activation activation,
            boolean bias,
            boolean tieHead,
            boolean embeddingNorm,
            boolean finalNorm,
            double dropout,
            Initialization initialization) {
        this(
                norm,
                activation,
                bias,
                tieHead,
                embeddingNorm,
                finalNorm,
                dropout,
                initialization,
                NORM_EPS,
                AttentionScale.HEAD);
    }

    /**
     * Returns the same with another dropout.
     *
     * @param dropout see above
     * @return a variant of which all else is equal
     * @throws IllegalArgumentException if the dropout is out of range
     */
    public GptVariant withDropout(double dropout) {
        return new GptVariant(
                norm,
                activation,
                bias,
                tieHead,
                embeddingNorm,
                finalNorm,
                dropout,
                initialization,
                normEps,
                attentionScale);
    }
}

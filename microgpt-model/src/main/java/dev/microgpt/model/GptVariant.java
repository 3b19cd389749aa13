package dev.microgpt.model;

import java.util.Objects;

/**
 * The components of a model, whatever its sizes.
 *
 * @param norm           the normalization of the residual stream
 * @param activation     the activation function of the {@link Mlp}
 * @param bias           whether the linear layers of the blocks have biases
 * @param tieHead        whether the head shares the weights of the token embedding
 * @param embeddingNorm  whether the embedding is normalized
 * @param finalNorm      whether the residual stream is normalized before the head
 * @param dropout        the probability that an element is dropped in training: after the embedding, in the attention
 *     probabilities, and in the outputs of attention and MLP
 * @param initialization the distribution of the initial weights
 * @param normEps        added to the mean square or the variance in norms, dimensionless
 * @param attentionScale the factor applied to the dot products of queries and keys
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout: A Simple Way to Prevent
 *     Neural Networks from Overfitting, 2014</a>
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
    /** The usual {@code normEps}, also that of microgpt, nanoGPT and GPT-2. */
    public static final double NORM_EPS = 1e-5;

    /** microgpt: RMSNorm without gain, after the embedding but not before the head; ReLU, no biases. */
    public static final GptVariant MICROGPT =
            new GptVariant(Norm.RMS, Activation.RELU, false, false, true, false, 0.0, Initialization.MICROGPT);

    /**
     * nanoGPT's setup for small models: layer norm and linear layers without bias, exact GELU, a tied head. The initial
     * weights are larger than nanoGPT's, which uses those of GPT-2 at any width.
     */
    public static final GptVariant NANO =
            new GptVariant(Norm.LAYER, Activation.GELU, false, true, false, true, 0.0, Initialization.SCALED);

    /** GPT-2: biases everywhere, the tanh approximation of GELU, a tied head, and a dropout of 0.1. */
    public static final GptVariant GPT2 =
            new GptVariant(Norm.LAYER_BIAS, Activation.GELU_TANH, true, true, false, true, 0.1, Initialization.GPT2);

    /**
     * Creates a variant.
     *
     * @param norm           the normalization of the residual stream
     * @param activation     the activation function of the {@link Mlp}
     * @param bias           whether the linear layers of the blocks have biases
     * @param tieHead        whether the head shares the weights of the token embedding
     * @param embeddingNorm  whether the embedding is normalized
     * @param finalNorm      whether the residual stream is normalized before the head
     * @param dropout        at least 0 and below 1
     * @param initialization the distribution of the initial weights
     * @param normEps        positive and finite
     * @param attentionScale the factor applied to the dot products of queries and keys
     * @throws IllegalArgumentException if {@code dropout} or {@code normEps} is out of range
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
     * Creates a variant with {@link #NORM_EPS} and {@link AttentionScale#HEAD}.
     *
     * @param norm           the normalization of the residual stream
     * @param activation     the activation function of the {@link Mlp}
     * @param bias           whether the linear layers of the blocks have biases
     * @param tieHead        whether the head shares the weights of the token embedding
     * @param embeddingNorm  whether the embedding is normalized
     * @param finalNorm      whether the residual stream is normalized before the head
     * @param dropout        at least 0 and below 1
     * @param initialization the distribution of the initial weights
     * @throws IllegalArgumentException if {@code dropout} is out of range
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
     * Returns this variant with another dropout.
     *
     * @param dropout at least 0 and below 1
     * @return a variant in which all else is equal
     * @throws IllegalArgumentException if {@code dropout} is out of range
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

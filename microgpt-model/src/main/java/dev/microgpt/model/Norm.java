package dev.microgpt.model;

import dev.microgpt.model.setting.Part;
import java.util.List;

/**
 * The normalization applied to each row of the residual stream before a layer reads it, or to each head of queries and
 * keys.
 *
 * @see <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich, Root Mean Square Layer Normalization, 2019</a>
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba, Kiros and Hinton, Layer Normalization, 2016</a>
 * @see Part
 */
@FunctionalInterface
public interface Norm extends Part<Norm> {
    /** No normalization. */
    Norm NONE = Norms.NONE;

    /** RMSNorm without gain, as in microgpt. */
    Norm RMS = Norms.RMS;

    /** RMSNorm with a gain for each channel. */
    Norm RMS_GAIN = Norms.RMS_GAIN;

    /** Layer norm with a gain for each channel, as in nanoGPT without biases. */
    Norm LAYER = Norms.LAYER;

    /** Layer norm with a gain and a bias for each channel, as in GPT-2. */
    Norm LAYER_BIAS = Norms.LAYER_BIAS;

    /** The library's own. */
    List<Norm> BUILT_IN = List.of(RMS, RMS_GAIN, LAYER, LAYER_BIAS, NONE);

    /**
     * Creates a norm, which requests its weights, such as {@code gain} and {@code bias}, if it has any.
     *
     * @param scope    the scope of its parameters
     * @param channels the number of channels {@code C}
     * @param eps      added to the mean square or to the variance; positive
     * @return a layer from {@code (T, C)} to {@code (T, C)}; of queries and keys, it gets as many rows for a position
     *     as they have heads
     */
    Layer create(Scope scope, int channels, double eps);
}

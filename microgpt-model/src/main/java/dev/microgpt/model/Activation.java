package dev.microgpt.model;

import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.setting.Part;
import java.util.List;

/**
 * The activation function between the two linear layers of a {@link TwoLayerMlp}.
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, Gaussian Error Linear Units (GELUs), 2016</a>
 * @see <a href="https://arxiv.org/abs/2109.08668">So et al., Primer, 2021</a>
 * @see Part
 */
@FunctionalInterface
public interface Activation extends Part<Activation> {
    /** {@code max(0, x)}, as in microgpt. */
    Activation RELU = Activations.RELU;

    /** The Gaussian error linear unit {@code x·Φ(x)}, as in nanoGPT. */
    Activation GELU = Activations.GELU;

    /** The tanh approximation of GELU, as in GPT-2. */
    Activation GELU_TANH = Activations.GELU_TANH;

    /** The squared rectifier {@code max(0, x)²} of Primer (So et al., 2021), as in nanochat. */
    Activation RELU2 = Activations.RELU2;

    /** {@code x·σ(x)} with the logistic function {@code σ}, also called swish, as in the gate of Llama. */
    Activation SILU = Activations.SILU;

    /** The library's own. */
    List<Activation> BUILT_IN = List.of(RELU, GELU, GELU_TANH, RELU2, SILU);

    /**
     * Applies the function to every element.
     *
     * @param tape records the operation
     * @param x    input of any shape
     * @return a tensor of the same shape
     */
    Tensor apply(Tape tape, Tensor x);
}

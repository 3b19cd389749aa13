package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/**
 * The sigmoid linear unit, also called swish: {@code y = x·σ(x)} with {@code σ(x) = 1 / (1 + exp(−x))}.
 *
 * <p>Gradient: {@code dx = dy · (σ(x) + y·(1 − σ(x)))}. As in PyTorch, {@code y} is NaN at {@code −∞}.
 *
 * @see <a href="https://arxiv.org/abs/1702.03118">Elfwing, Uchibe and Doya, Sigmoid-Weighted Linear Units, 2017</a>
 */
public final class Silu extends SlopeOp {
    /**
     * Creates the operation.
     *
     * @param x input, any shape
     */
    public Silu(Tensor x) {
        super(x);
    }

    @Override
    void forward(Kernels kernels, double[] x, double[] y, double[] slope, int from, int to) {
        kernels.sigmoid(x, from, slope, from, to - from);
        // y = x·σ(x), σ′ = σ·(1 − σ)   ⇒   dx = dy · (σ + y·(1 − σ))
        for (int i = from; i < to; i++) {
            double sigma = slope[i];
            y[i] = x[i] * sigma;
            slope[i] = sigma + y[i] * (1.0 - sigma);
        }
    }
}

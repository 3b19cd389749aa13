package com.example;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/** The sigmoid linear unit {@code y = x·σ(x)}. */
final class Silu extends ElementOp {
    private double[] sigma = {};

    Silu(Tensor x) {
        super(x, 16);
    }

    protected void reserve(Tape tape) {
        sigma = tape.buffer(shape().size());
    }

    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        kernels.sigmoid(x, from, sigma, from, to - from);
        for (int i = from; i < to; i++) {
            y[i] = x[i] * sigma[i];
        }
    }

    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        for (int i = from; i < to; i++) { // y = x·σ, σ' = σ·(1 − σ)  ⇒  dx = dy·(σ + y·(1 − σ))
            dx[i] += dy[i] * (sigma[i] + y[i] * (1 - sigma[i]));
        }
    }
}

package com.example;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/** CLIP's approximation of GELU: {@code y = x·σ(1.702·x)}. */
final class QuickGelu extends ElementOp {
    private static final double SLOPE = 1.702;

    private double[] sigma = {};

    QuickGelu(Tensor x) {
        super(x, 16);
    }

    protected void reserve(Tape tape) {
        sigma = tape.buffer(shape().size());
    }

    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        kernels.scale(SLOPE, x, from, y, from, to - from);
        kernels.sigmoid(y, from, sigma, from, to - from);
        for (int i = from; i < to; i++) {
            y[i] = x[i] * sigma[i];
        }
    }

    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        for (int i = from; i < to; i++) { // y = x·σ(ax), σ' = a·σ·(1 − σ)  ⇒  dx = dy·(σ + a·y·(1 − σ))
            dx[i] += dy[i] * (sigma[i] + SLOPE * y[i] * (1 - sigma[i]));
        }
    }
}

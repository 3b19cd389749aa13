package com.example;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/** The logistic function {@code y = σ(x)}. */
final class Sigmoid extends ElementOp {
    Sigmoid(Tensor x) {
        super(x, 16);
    }

    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        kernels.sigmoid(x, from, y, from, to - from);
    }

    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * y[i] * (1 - y[i]);
        }
    }
}

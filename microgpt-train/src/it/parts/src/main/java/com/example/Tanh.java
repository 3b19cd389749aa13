package com.example;

import dev.microgpt.autograd.ElementOp;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Tensor;

/** The hyperbolic tangent {@code y = tanh(x)}. */
final class Tanh extends ElementOp {
    Tanh(Tensor x) {
        super(x, 16);
    }

    protected void forward(Kernels kernels, double[] x, double[] y, int from, int to) {
        kernels.tanh(x, from, y, from, to - from);
    }

    protected void backward(Kernels kernels, double[] x, double[] y, double[] dy, double[] dx, int from, int to) {
        for (int i = from; i < to; i++) {
            dx[i] += dy[i] * (1 - y[i] * y[i]);
        }
    }
}

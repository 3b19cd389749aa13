package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.kernel.function.Transcendentals;

/** What is written once, as plain loops, for kernels with and without the Vector API. */
public abstract class LoopKernels implements Kernels {
    @Override
    public double sum(double[] x, int xOffset, int n) {
        return Reductions.sum(x, xOffset, n);
    }

    @Override
    public double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        return Reductions.dot(x, xOffset, y, yOffset, n);
    }

    @Override
    public double max(double[] x, int xOffset, int n) {
        return Reductions.max(x, xOffset, n);
    }

    @Override
    public void softmax(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double max = max(x, xOffset, n);
        exp(x, xOffset, max, y, yOffset, n);
        scale(1.0 / Reductions.sum(y, yOffset, n), y, yOffset, y, yOffset, n);
    }

    @Override
    public void lowerSoftmax(
            int m, int past, double alpha, double[] x, int xOffset, int xStride, double[] y, int yOffset, int yStride) {
        LowerSoftmax.rows(this, m, past, alpha, x, xOffset, xStride, y, yOffset, yStride);
    }

    @Override
    public void lowerSoftmaxGradient(
            int m,
            int past,
            double alpha,
            double[] y,
            int yOffset,
            int yStride,
            double[] dx,
            int dxOffset,
            int dxStride) {
        LowerSoftmax.gradients(this, m, past, alpha, y, yOffset, yStride, dx, dxOffset, dxStride);
    }

    @Override
    public void softmaxGradient(
            double alpha,
            double[] y,
            int yOffset,
            double[] dy,
            int dyOffset,
            double[] dx,
            int dxOffset,
            int n,
            boolean accumulate) {
        double dot = Reductions.dot(dy, dyOffset, y, yOffset, n);
        softmaxGradient(alpha, dot, y, yOffset, dy, dyOffset, dx, dxOffset, n, accumulate);
    }

    /** {@code dx[i] (+)= alpha·(y[i]·(dy[i] − dot))}. */
    public static void softmaxGradient(
            double alpha,
            double dot,
            double[] y,
            int y0,
            double[] dy,
            int dy0,
            double[] dx,
            int dx0,
            int n,
            boolean accumulate) {
        for (int i = 0; i < n; i++) {
            double gradient = alpha * (y[y0 + i] * (dy[dy0 + i] - dot));
            dx[dx0 + i] = accumulate ? dx[dx0 + i] + gradient : gradient;
        }
    }

    @Override
    public void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        Transcendentals.exp(x, xOffset, shift, y, yOffset, n);
    }

    @Override
    public void log(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Transcendentals.log(x, xOffset, y, yOffset, n);
    }

    @Override
    public void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Transcendentals.tanh(x, xOffset, y, yOffset, n);
    }

    @Override
    public void erf(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Transcendentals.erf(x, xOffset, y, yOffset, n);
    }

    @Override
    public void sigmoid(double[] x, int xOffset, double[] y, int yOffset, int n) {
        Transcendentals.sigmoid(x, xOffset, y, yOffset, n);
    }
}

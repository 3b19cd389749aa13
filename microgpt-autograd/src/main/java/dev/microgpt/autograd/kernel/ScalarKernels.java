package dev.microgpt.autograd.kernel;

import dev.microgpt.autograd.Kernels;

/** The plain reference: loops in Java, which every other implementation must equal bit for bit. */
final class ScalarKernels implements Kernels {
    private final String description;

    ScalarKernels(String description) {
        this.description = description;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void matmulNN(
            int m,
            int n,
            int k,
            double[] a,
            int aOffset,
            int aStride,
            double[] b,
            int bOffset,
            int bStride,
            double[] c,
            int cOffset,
            int cStride,
            boolean accumulate) {
        ProductTiles.product(m, n, k, a, aOffset, aStride, 1, b, bOffset, bStride, 1, c, cOffset, cStride, accumulate);
    }

    @Override
    public void matmulNT(
            int m,
            int n,
            int k,
            double[] a,
            int aOffset,
            int aStride,
            double[] b,
            int bOffset,
            int bStride,
            double[] c,
            int cOffset,
            int cStride,
            boolean accumulate) {
        ProductTiles.product(m, n, k, a, aOffset, aStride, 1, b, bOffset, 1, bStride, c, cOffset, cStride, accumulate);
    }

    @Override
    public void matmulTN(
            int m,
            int n,
            int k,
            double[] a,
            int aOffset,
            int aStride,
            double[] b,
            int bOffset,
            int bStride,
            double[] c,
            int cOffset,
            int cStride,
            boolean accumulate) {
        ProductTiles.product(m, n, k, a, aOffset, 1, aStride, b, bOffset, bStride, 1, c, cOffset, cStride, accumulate);
    }

    @Override
    public double sum(double[] x, int xOffset, int n) {
        double l0 = 0, l1 = 0, l2 = 0, l3 = 0, l4 = 0, l5 = 0, l6 = 0, l7 = 0;
        int i = xOffset;
        int end = xOffset + n;
        for (; end - i >= LANES; i += LANES) {
            l0 += x[i];
            l1 += x[i + 1];
            l2 += x[i + 2];
            l3 += x[i + 3];
            l4 += x[i + 4];
            l5 += x[i + 5];
            l6 += x[i + 6];
            l7 += x[i + 7];
        }
        int rest = end - i;
        if (rest > 0) {
            l0 += x[i];
        }
        if (rest > 1) {
            l1 += x[i + 1];
        }
        if (rest > 2) {
            l2 += x[i + 2];
        }
        if (rest > 3) {
            l3 += x[i + 3];
        }
        if (rest > 4) {
            l4 += x[i + 4];
        }
        if (rest > 5) {
            l5 += x[i + 5];
        }
        if (rest > 6) {
            l6 += x[i + 6];
        }
        return ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7));
    }

    @Override
    public double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double l0 = 0, l1 = 0, l2 = 0, l3 = 0, l4 = 0, l5 = 0, l6 = 0, l7 = 0;
        int i = xOffset;
        int j = yOffset;
        int end = xOffset + n;
        for (; end - i >= LANES; i += LANES, j += LANES) {
            l0 = Math.fma(x[i], y[j], l0);
            l1 = Math.fma(x[i + 1], y[j + 1], l1);
            l2 = Math.fma(x[i + 2], y[j + 2], l2);
            l3 = Math.fma(x[i + 3], y[j + 3], l3);
            l4 = Math.fma(x[i + 4], y[j + 4], l4);
            l5 = Math.fma(x[i + 5], y[j + 5], l5);
            l6 = Math.fma(x[i + 6], y[j + 6], l6);
            l7 = Math.fma(x[i + 7], y[j + 7], l7);
        }
        int rest = end - i;
        if (rest > 0) {
            l0 = Math.fma(x[i], y[j], l0);
        }
        if (rest > 1) {
            l1 = Math.fma(x[i + 1], y[j + 1], l1);
        }
        if (rest > 2) {
            l2 = Math.fma(x[i + 2], y[j + 2], l2);
        }
        if (rest > 3) {
            l3 = Math.fma(x[i + 3], y[j + 3], l3);
        }
        if (rest > 4) {
            l4 = Math.fma(x[i + 4], y[j + 4], l4);
        }
        if (rest > 5) {
            l5 = Math.fma(x[i + 5], y[j + 5], l5);
        }
        if (rest > 6) {
            l6 = Math.fma(x[i + 6], y[j + 6], l6);
        }
        return ((l0 + l4) + (l2 + l6)) + ((l1 + l5) + (l3 + l7));
    }

    @Override
    public void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    @Override
    public void scale(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int i = 0; i < n; i++) {
            y[yOffset + i] = alpha * x[xOffset + i];
        }
    }

    @Override
    public void softmax(double[] x, int xOffset, double[] y, int yOffset, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, x[xOffset + i]);
        }
        Transcendentals.exp(x, xOffset, max, y, yOffset, n);
        scale(1.0 / sum(y, yOffset, n), y, yOffset, y, yOffset, n);
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

package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.kernel.scalar.LoopKernels;
import dev.microgpt.autograd.kernel.scalar.ProductTiles;
import dev.microgpt.autograd.kernel.scalar.ScalarKernels;
import dev.microgpt.autograd.kernel.scalar.ScalarLower;
import dev.microgpt.autograd.kernel.thread.WorkerPool;
import jdk.incubator.vector.DoubleVector;
import org.jspecify.annotations.Nullable;

/**
 * Kernels on the Vector API, bit for bit equal to {@link ScalarKernels}.
 *
 * <p>Matrices narrower than a tile, and operations that gain nothing from vectors, use the plain loops.
 */
public final class VectorKernels extends LoopKernels {
    /** From this many rows, a tile is at least twice as fast as plain loops. */
    private static final int FEW_ROWS = 3;

    private static final int SHORT_ROW = 16;

    public VectorKernels(WorkerPool pool) {
        super(pool);
    }

    @Override
    public String description() {
        return SPECIES.vectorBitSize() + "-bit vector";
    }

    @Override
    protected void product(
            int m,
            int n,
            int k,
            double[] a,
            int aOffset,
            int aRow,
            int aColumn,
            double[] b,
            int bOffset,
            int bRow,
            int bColumn,
            double[] c,
            int cOffset,
            int cRow,
            boolean accumulate) {
        boolean fewRows = m < FEW_ROWS;
        if (n < VectorTile.WIDTH || (fewRows && bColumn != 1)) {
            ProductTiles.product(
                    m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, bColumn, c, cOffset, cRow, accumulate);
        } else if (fewRows) {
            for (int i = 0; i < m; i++) {
                int row = aOffset + i * aRow;
                VectorRows.product(n, k, a, row, aColumn, b, bOffset, bRow, c, cOffset + i * cRow, accumulate);
            }
        } else {
            VectorProducts.product(
                    m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, bColumn, c, cOffset, cRow, accumulate);
        }
    }

    @Override
    public int panelWidth() {
        return VectorPacked.WIDTH;
    }

    @Override
    protected void packedRow(
            PackedMatrix b, int b0, int b1, int b2, int b3, double[] a, int a0, double[] sums, int s0) {
        VectorPacked.panels(b, b0, b1, b2, b3, b.shape().columns(), a, a0, sums, s0);
    }

    @Override
    protected int packedHeight() {
        return VectorPacked.HEIGHT;
    }

    @Override
    protected long packedTile(
            PackedMatrix b,
            int b0,
            int steps,
            int n0,
            int n1,
            int n2,
            int n3,
            double[] a,
            int a0,
            double[] c,
            int c0,
            int cRow) {
        return VectorPacked.HEIGHT == 8
                ? VectorPacked8.multiply(b, b0, steps, n0, n1, n2, n3, a, a0, c, c0, cRow)
                : VectorPacked4.multiply(b, b0, steps, n0, n1, n2, n3, a, a0, c, c0, cRow);
    }

    @Override
    public void lowerNN(
            int m,
            int n,
            int past,
            double[] a,
            int aOffset,
            int aRow,
            double[] b,
            int bOffset,
            int bRow,
            double[] c,
            int cOffset,
            int cRow,
            boolean accumulate) {
        if (m == 1) {
            product(1, n, past + 1, a, aOffset, aRow, 1, b, bOffset, bRow, 1, c, cOffset, cRow, accumulate);
        } else if (n < VectorTile.WIDTH) {
            ScalarLower.nn(m, n, past, a, aOffset, aRow, b, bOffset, bRow, c, cOffset, cRow, accumulate);
        } else {
            VectorLower.nn(m, n, past, a, aOffset, aRow, b, bOffset, bRow, c, cOffset, cRow, accumulate);
        }
    }

    @Override
    public void lowerTN(
            int m,
            int n,
            int past,
            double[] a,
            int aOffset,
            int aRow,
            double[] b,
            int bOffset,
            int bRow,
            double[] c,
            int cOffset,
            int cRow,
            boolean accumulate) {
        if (n < VectorTile.WIDTH) {
            ScalarLower.tn(m, n, past, a, aOffset, aRow, b, bOffset, bRow, c, cOffset, cRow, accumulate);
        } else {
            VectorLower.tn(m, n, past, a, aOffset, aRow, b, bOffset, bRow, c, cOffset, cRow, accumulate);
        }
    }

    @Override
    public void lowerOfNT(
            int m,
            int k,
            int past,
            double[] a,
            int aOffset,
            int aRow,
            double[] b,
            int bOffset,
            int bRow,
            double[] c,
            int cOffset,
            int cRow) {
        if (m == 1) {
            product(1, past + 1, k, a, aOffset, aRow, 1, b, bOffset, 1, bRow, c, cOffset, cRow, false);
        } else if (past + m < VectorTile.WIDTH) {
            ScalarLower.ofNT(m, k, past, a, aOffset, aRow, b, bOffset, bRow, c, cOffset, cRow);
        } else {
            VectorLower.ofNT(m, k, past, a, aOffset, aRow, b, bOffset, bRow, c, cOffset, cRow);
        }
    }

    @Override
    public void axpy(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        DoubleVector factor = DoubleVector.broadcast(SPECIES, alpha);
        int i = 0;
        for (int end = n - LENGTH; i <= end; i += LENGTH) {
            DoubleVector sum = DoubleVector.fromArray(SPECIES, y, yOffset + i);
            factor.fma(DoubleVector.fromArray(SPECIES, x, xOffset + i), sum).intoArray(y, yOffset + i);
        }
        for (; i < n; i++) {
            y[yOffset + i] = Math.fma(alpha, x[xOffset + i], y[yOffset + i]);
        }
    }

    @Override
    public void scale(double alpha, double[] x, int xOffset, double[] y, int yOffset, int n) {
        int i = 0;
        // loading a vector right after its elements were stored one by one is slow, and short rows often were
        for (int end = n < SHORT_ROW ? 0 : n - LENGTH + 1; i < end; i += LENGTH) {
            DoubleVector.fromArray(SPECIES, x, xOffset + i).mul(alpha).intoArray(y, yOffset + i);
        }
        for (; i < n; i++) {
            y[yOffset + i] = alpha * x[xOffset + i];
        }
    }

    @Override
    public double max(double[] x, int xOffset, int n) {
        return VectorReductions.max(x, xOffset, n);
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
        VectorReductions.softmaxGradient(alpha, y, yOffset, dy, dyOffset, dx, dxOffset, n, accumulate);
    }

    @Override
    public void norm(
            int rows,
            int n,
            double eps,
            double[] x,
            int xOffset,
            double[] gain,
            double @Nullable [] bias,
            double[] y,
            int yOffset,
            double @Nullable [] means,
            double[] factors,
            int first) {
        if (VectorNorm.suits(n)) {
            VectorNorm.forward(rows, n, eps, x, xOffset, gain, bias, y, yOffset, means, factors, first);
        } else {
            super.norm(rows, n, eps, x, xOffset, gain, bias, y, yOffset, means, factors, first);
        }
    }

    @Override
    public void normGradient(
            int rows,
            int n,
            double[] x,
            int xOffset,
            double[] gain,
            double @Nullable [] means,
            double[] factors,
            int first,
            double[] dy,
            int dyOffset,
            double[] dx,
            int dxOffset,
            double[] scratch,
            int scratchOffset) {
        if (VectorNorm.suits(n)) {
            VectorNorm.gradient(rows, n, x, xOffset, gain, means, factors, first, dy, dyOffset, dx, dxOffset);
        } else {
            super.normGradient(
                    rows,
                    n,
                    x,
                    xOffset,
                    gain,
                    means,
                    factors,
                    first,
                    dy,
                    dyOffset,
                    dx,
                    dxOffset,
                    scratch,
                    scratchOffset);
        }
    }

    @Override
    public void normGainGradient(
            int rows,
            int n,
            double[] x,
            int xOffset,
            int xRow,
            double @Nullable [] means,
            double[] factors,
            double[] dy,
            int dyOffset,
            int dyRow,
            double[] dGain,
            int dGainOffset) {
        VectorNorm.gainGradient(rows, n, x, xOffset, xRow, means, factors, dy, dyOffset, dyRow, dGain, dGainOffset);
    }

    @Override
    public void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        VectorExp.exp(x, xOffset, shift, y, yOffset, n);
    }

    @Override
    public void erf(double[] x, int xOffset, double[] y, int yOffset, int n) {
        VectorErf.erf(x, xOffset, y, yOffset, n);
    }

    @Override
    public void sigmoid(double[] x, int xOffset, double[] y, int yOffset, int n) {
        VectorSigmoid.sigmoid(x, xOffset, y, yOffset, n);
    }

    @Override
    public void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
        VectorTanh.tanh(x, xOffset, y, yOffset, n);
    }

    @Override
    public void dropout(
            long key,
            long first,
            long limit,
            double kept,
            double[] x,
            int xOffset,
            double[] y,
            int yOffset,
            int n,
            boolean accumulate) {
        if (Species.MULTIPLIES_LONGS) {
            VectorDropout.dropout(key, first, limit, kept, x, xOffset, y, yOffset, n, accumulate);
        } else {
            super.dropout(key, first, limit, kept, x, xOffset, y, yOffset, n, accumulate);
        }
    }

    @Override
    public boolean adam(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            int from,
            int to,
            double beta1,
            double beta2,
            double rate,
            double correction1,
            double correction2,
            double eps) {
        return VectorAdam.update(p, g, m, v, from, to, beta1, beta2, rate, correction1, correction2, eps);
    }
}

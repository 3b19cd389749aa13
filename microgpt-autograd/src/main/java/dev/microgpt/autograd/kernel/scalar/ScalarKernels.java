package dev.microgpt.autograd.kernel.scalar;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.kernel.thread.WorkerPool;

/** Plain Java loops: the reference that every other implementation must match bit for bit. */
public final class ScalarKernels extends LoopKernels {
    private final String description;

    public ScalarKernels(String description, WorkerPool pool) {
        super(pool);
        this.description = description;
    }

    @Override
    public String description() {
        return description;
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
        ProductTiles.product(
                m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, bColumn, c, cOffset, cRow, accumulate);
    }

    @Override
    public int panelWidth() {
        return ScalarPacked.WIDTH;
    }

    @Override
    protected void packedRow(
            PackedMatrix b, int b0, int b1, int b2, int b3, double[] a, int a0, double[] sums, int s0) {
        int k = b.shape().columns();
        ScalarPacked.panel(b, b0, k, a, a0, sums, s0);
        ScalarPacked.panel(b, b1, k, a, a0, sums, s0 + ScalarPacked.WIDTH);
        ScalarPacked.panel(b, b2, k, a, a0, sums, s0 + 2 * ScalarPacked.WIDTH);
        ScalarPacked.panel(b, b3, k, a, a0, sums, s0 + 3 * ScalarPacked.WIDTH);
    }

    @Override
    protected int packedHeight() {
        return ScalarPacked.HEIGHT;
    }

    /** Reads nothing ahead: it computes too slowly to wait for memory. */
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
        ScalarPacked.tile(b, b0, steps, a, a0, c, c0, cRow);
        return 0;
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
        ScalarLower.nn(m, n, past, a, aOffset, aRow, b, bOffset, bRow, c, cOffset, cRow, accumulate);
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
        ScalarLower.tn(m, n, past, a, aOffset, aRow, b, bOffset, bRow, c, cOffset, cRow, accumulate);
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
        ScalarLower.ofNT(m, k, past, a, aOffset, aRow, b, bOffset, bRow, c, cOffset, cRow);
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
        return ScalarAdam.update(p, g, m, v, from, to, beta1, beta2, rate, correction1, correction2, eps);
    }
}

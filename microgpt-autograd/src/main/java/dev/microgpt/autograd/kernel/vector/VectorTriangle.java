package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import jdk.incubator.vector.DoubleVector;

/**
 * Products with four rows of a lower triangle, which {@link VectorLower} needs at the diagonal.
 *
 * <p>The chains of four rows hide each other's latency. With eight rows, C2 does not inline everything.
 */
final class VectorTriangle {
    private VectorTriangle() {}

    /** {@code C (+)= A·B} for 4 rows, where row i of A ends after {@code past + i + 1} elements; n is whole vectors. */
    static void nn(
            int n,
            int past,
            double[] a,
            int a0,
            int aRow,
            double[] b,
            int b0,
            int bStep,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int b1 = b0 + past * bStep;
        for (int j = 0; j < n; j += LENGTH) {
            int cj = c0 + j;
            DoubleVector zero = DoubleVector.zero(SPECIES);
            DoubleVector s0 = zero, s1 = zero, s2 = zero, s3 = zero;
            if (accumulate) {
                s0 = DoubleVector.fromArray(SPECIES, c, cj);
                s1 = DoubleVector.fromArray(SPECIES, c, cj + cRow);
                s2 = DoubleVector.fromArray(SPECIES, c, cj + 2 * cRow);
                s3 = DoubleVector.fromArray(SPECIES, c, cj + 3 * cRow);
            }
            for (int p = 0, bp = b0 + j; p < past; p++, bp += bStep) {
                DoubleVector y = DoubleVector.fromArray(SPECIES, b, bp);
                s0 = DoubleVector.broadcast(SPECIES, a[a0 + p]).fma(y, s0);
                s1 = DoubleVector.broadcast(SPECIES, a[a1 + p]).fma(y, s1);
                s2 = DoubleVector.broadcast(SPECIES, a[a2 + p]).fma(y, s2);
                s3 = DoubleVector.broadcast(SPECIES, a[a3 + p]).fma(y, s3);
            }
            int bj = b1 + j;
            DoubleVector y = DoubleVector.fromArray(SPECIES, b, bj);
            s0 = DoubleVector.broadcast(SPECIES, a[a0 + past]).fma(y, s0);
            s1 = DoubleVector.broadcast(SPECIES, a[a1 + past]).fma(y, s1);
            s2 = DoubleVector.broadcast(SPECIES, a[a2 + past]).fma(y, s2);
            s3 = DoubleVector.broadcast(SPECIES, a[a3 + past]).fma(y, s3);
            y = DoubleVector.fromArray(SPECIES, b, bj + bStep);
            s1 = DoubleVector.broadcast(SPECIES, a[a1 + past + 1]).fma(y, s1);
            s2 = DoubleVector.broadcast(SPECIES, a[a2 + past + 1]).fma(y, s2);
            s3 = DoubleVector.broadcast(SPECIES, a[a3 + past + 1]).fma(y, s3);
            y = DoubleVector.fromArray(SPECIES, b, bj + 2 * bStep);
            s2 = DoubleVector.broadcast(SPECIES, a[a2 + past + 2]).fma(y, s2);
            s3 = DoubleVector.broadcast(SPECIES, a[a3 + past + 2]).fma(y, s3);
            y = DoubleVector.fromArray(SPECIES, b, bj + 3 * bStep);
            s3 = DoubleVector.broadcast(SPECIES, a[a3 + past + 3]).fma(y, s3);
            s0.intoArray(c, cj);
            s1.intoArray(c, cj + cRow);
            s2.intoArray(c, cj + 2 * cRow);
            s3.intoArray(c, cj + 3 * cRow);
        }
    }

    /**
     * {@code C (+)= Aᵀ·B} for 4 rows of C: column i of A begins in row i of the triangle, and all end after
     * {@code 4 + later} rows; n is whole vectors.
     */
    static void tn(
            int n,
            int later,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        int a1 = a0 + aStep;
        int a2 = a1 + aStep;
        int a3 = a2 + aStep;
        for (int j = 0; j < n; j += LENGTH) {
            int cj = c0 + j;
            DoubleVector zero = DoubleVector.zero(SPECIES);
            DoubleVector s0 = zero, s1 = zero, s2 = zero, s3 = zero;
            if (accumulate) {
                s0 = DoubleVector.fromArray(SPECIES, c, cj);
                s1 = DoubleVector.fromArray(SPECIES, c, cj + cRow);
                s2 = DoubleVector.fromArray(SPECIES, c, cj + 2 * cRow);
                s3 = DoubleVector.fromArray(SPECIES, c, cj + 3 * cRow);
            }
            int bj = b0 + j;
            DoubleVector y = DoubleVector.fromArray(SPECIES, b, bj);
            s0 = DoubleVector.broadcast(SPECIES, a[a0]).fma(y, s0);
            y = DoubleVector.fromArray(SPECIES, b, bj + bStep);
            s0 = DoubleVector.broadcast(SPECIES, a[a1]).fma(y, s0);
            s1 = DoubleVector.broadcast(SPECIES, a[a1 + 1]).fma(y, s1);
            y = DoubleVector.fromArray(SPECIES, b, bj + 2 * bStep);
            s0 = DoubleVector.broadcast(SPECIES, a[a2]).fma(y, s0);
            s1 = DoubleVector.broadcast(SPECIES, a[a2 + 1]).fma(y, s1);
            s2 = DoubleVector.broadcast(SPECIES, a[a2 + 2]).fma(y, s2);
            int ap = a3;
            int bp = bj + 3 * bStep;
            for (int p = 0; p <= later; p++, ap += aStep, bp += bStep) {
                y = DoubleVector.fromArray(SPECIES, b, bp);
                s0 = DoubleVector.broadcast(SPECIES, a[ap]).fma(y, s0);
                s1 = DoubleVector.broadcast(SPECIES, a[ap + 1]).fma(y, s1);
                s2 = DoubleVector.broadcast(SPECIES, a[ap + 2]).fma(y, s2);
                s3 = DoubleVector.broadcast(SPECIES, a[ap + 3]).fma(y, s3);
            }
            s0.intoArray(c, cj);
            s1.intoArray(c, cj + cRow);
            s2.intoArray(c, cj + 2 * cRow);
            s3.intoArray(c, cj + 3 * cRow);
        }
    }
}

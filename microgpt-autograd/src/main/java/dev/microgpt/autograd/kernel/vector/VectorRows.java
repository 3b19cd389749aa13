package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.scalar.ProductTiles;
import jdk.incubator.vector.DoubleVector;

/** The product of a row and a matrix. */
final class VectorRows {
    private VectorRows() {}

    /** {@code c[j] (+)= Σ_p a[p]·B[p, j]} with {@code a[p]} at {@code a0 + p·aStep}. */
    static void product(
            int n,
            int k,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            double[] c,
            int c0,
            boolean accumulate) {
        int j = 0;
        for (int end = n - 4 * LENGTH; j <= end; j += 4 * LENGTH) {
            four(k, a, a0, aStep, b, b0 + j, bStep, c, c0 + j, accumulate);
        }
        for (int end = n - LENGTH; j <= end; j += LENGTH) {
            one(k, a, a0, aStep, b, b0 + j, bStep, c, c0 + j, accumulate);
        }
        if (j < n) {
            ProductTiles.product(1, n - j, k, a, a0, 0, aStep, b, b0 + j, bStep, 1, c, c0 + j, 0, accumulate);
        }
    }

    /** Four vectors of the result, enough to hide the latency of {@code fma}. */
    private static void four(
            int k,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            double[] c,
            int c0,
            boolean accumulate) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s0 = zero, s1 = zero, s2 = zero, s3 = zero;
        if (accumulate) {
            s0 = DoubleVector.fromArray(SPECIES, c, c0);
            s1 = DoubleVector.fromArray(SPECIES, c, c0 + LENGTH);
            s2 = DoubleVector.fromArray(SPECIES, c, c0 + 2 * LENGTH);
            s3 = DoubleVector.fromArray(SPECIES, c, c0 + 3 * LENGTH);
        }
        for (int p = 0, ap = a0, bp = b0; p < k; p++, ap += aStep, bp += bStep) {
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[ap]);
            s0 = x.fma(DoubleVector.fromArray(SPECIES, b, bp), s0);
            s1 = x.fma(DoubleVector.fromArray(SPECIES, b, bp + LENGTH), s1);
            s2 = x.fma(DoubleVector.fromArray(SPECIES, b, bp + 2 * LENGTH), s2);
            s3 = x.fma(DoubleVector.fromArray(SPECIES, b, bp + 3 * LENGTH), s3);
        }
        s0.intoArray(c, c0);
        s1.intoArray(c, c0 + LENGTH);
        s2.intoArray(c, c0 + 2 * LENGTH);
        s3.intoArray(c, c0 + 3 * LENGTH);
    }

    private static void one(
            int k,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            double[] c,
            int c0,
            boolean accumulate) {
        DoubleVector sum = accumulate ? DoubleVector.fromArray(SPECIES, c, c0) : DoubleVector.zero(SPECIES);
        for (int p = 0, ap = a0, bp = b0; p < k; p++, ap += aStep, bp += bStep) {
            sum = DoubleVector.broadcast(SPECIES, a[ap]).fma(DoubleVector.fromArray(SPECIES, b, bp), sum);
        }
        sum.intoArray(c, c0);
    }
}

package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;
import static dev.microgpt.autograd.kernel.vector.VectorTile.WIDTH;

import jdk.incubator.vector.DoubleVector;

/**
 * A tile of C = A·B, 6 rows by two vectors, with A in a strip of 6 numbers and B in a panel of two vectors per step: 12
 * sums, 2 vectors of B and an element of A, of 16 registers.
 *
 * <p>Both arrays are read with constant strides, so one address each suffices: this is what leaves C2 of JDK 17 and 25
 * the registers for 12 sums.
 *
 * <p>Writes the first {@code rows} rows, at least 1.
 */
final class VectorStrip6 {
    private VectorStrip6() {}

    /** {@code C = A·B} or {@code C += A·B}: element {@code (i, p)} of A is at {@code a0 + i + p·6}. */
    static void multiply(
            int rows, int k, double[] a, int a0, double[] b, int b0, double[] c, int c0, int cRow, boolean accumulate) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero,
                s01 = zero,
                s10 = zero,
                s11 = zero,
                s20 = zero,
                s21 = zero,
                s30 = zero,
                s31 = zero,
                s40 = zero,
                s41 = zero,
                s50 = zero,
                s51 = zero;
        if (accumulate) {
            s00 = DoubleVector.fromArray(SPECIES, c, c0);
            s01 = DoubleVector.fromArray(SPECIES, c, c0 + LENGTH);
            int c1 = c0 + Math.min(1, rows - 1) * cRow;
            s10 = DoubleVector.fromArray(SPECIES, c, c1);
            s11 = DoubleVector.fromArray(SPECIES, c, c1 + LENGTH);
            int c2 = c0 + Math.min(2, rows - 1) * cRow;
            s20 = DoubleVector.fromArray(SPECIES, c, c2);
            s21 = DoubleVector.fromArray(SPECIES, c, c2 + LENGTH);
            int c3 = c0 + Math.min(3, rows - 1) * cRow;
            s30 = DoubleVector.fromArray(SPECIES, c, c3);
            s31 = DoubleVector.fromArray(SPECIES, c, c3 + LENGTH);
            int c4 = c0 + Math.min(4, rows - 1) * cRow;
            s40 = DoubleVector.fromArray(SPECIES, c, c4);
            s41 = DoubleVector.fromArray(SPECIES, c, c4 + LENGTH);
            int c5 = c0 + Math.min(5, rows - 1) * cRow;
            s50 = DoubleVector.fromArray(SPECIES, c, c5);
            s51 = DoubleVector.fromArray(SPECIES, c, c5 + LENGTH);
        }
        for (int ap = a0, bp = b0, end = b0 + k * WIDTH; bp < end; ap += 6, bp += WIDTH) {
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, bp);
            DoubleVector y1 = DoubleVector.fromArray(SPECIES, b, bp + LENGTH);
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[ap]);
            s00 = x.fma(y0, s00);
            s01 = x.fma(y1, s01);
            x = DoubleVector.broadcast(SPECIES, a[ap + 1]);
            s10 = x.fma(y0, s10);
            s11 = x.fma(y1, s11);
            x = DoubleVector.broadcast(SPECIES, a[ap + 2]);
            s20 = x.fma(y0, s20);
            s21 = x.fma(y1, s21);
            x = DoubleVector.broadcast(SPECIES, a[ap + 3]);
            s30 = x.fma(y0, s30);
            s31 = x.fma(y1, s31);
            x = DoubleVector.broadcast(SPECIES, a[ap + 4]);
            s40 = x.fma(y0, s40);
            s41 = x.fma(y1, s41);
            x = DoubleVector.broadcast(SPECIES, a[ap + 5]);
            s50 = x.fma(y0, s50);
            s51 = x.fma(y1, s51);
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LENGTH);
        if (rows > 1) {
            s10.intoArray(c, c0 + cRow);
            s11.intoArray(c, c0 + cRow + LENGTH);
        }
        if (rows > 2) {
            s20.intoArray(c, c0 + 2 * cRow);
            s21.intoArray(c, c0 + 2 * cRow + LENGTH);
        }
        if (rows > 3) {
            s30.intoArray(c, c0 + 3 * cRow);
            s31.intoArray(c, c0 + 3 * cRow + LENGTH);
        }
        if (rows > 4) {
            s40.intoArray(c, c0 + 4 * cRow);
            s41.intoArray(c, c0 + 4 * cRow + LENGTH);
        }
        if (rows > 5) {
            s50.intoArray(c, c0 + 5 * cRow);
            s51.intoArray(c, c0 + 5 * cRow + LENGTH);
        }
    }
}

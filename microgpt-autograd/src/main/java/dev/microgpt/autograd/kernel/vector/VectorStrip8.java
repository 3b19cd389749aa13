package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;
import static dev.microgpt.autograd.kernel.vector.VectorTile.WIDTH;

import jdk.incubator.vector.DoubleVector;

/**
 * A tile of C = A·B, 8 rows by two vectors, with A in a strip of 8 numbers and B in a panel of two vectors per step: 16
 * sums of 32 registers.
 *
 * <p>Writes the first {@code rows} rows, at least 1.
 */
final class VectorStrip8 {
    private VectorStrip8() {}

    /** {@code C = A·B} or {@code C += A·B}: element {@code (i, p)} of A is at {@code a0 + i + p·8}. */
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
                s51 = zero,
                s60 = zero,
                s61 = zero,
                s70 = zero,
                s71 = zero;
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
            int c6 = c0 + Math.min(6, rows - 1) * cRow;
            s60 = DoubleVector.fromArray(SPECIES, c, c6);
            s61 = DoubleVector.fromArray(SPECIES, c, c6 + LENGTH);
            int c7 = c0 + Math.min(7, rows - 1) * cRow;
            s70 = DoubleVector.fromArray(SPECIES, c, c7);
            s71 = DoubleVector.fromArray(SPECIES, c, c7 + LENGTH);
        }
        // != rather than <, because C2 unrolls a counted loop, which makes short products slower
        for (int ap = a0, bp = b0, end = b0 + k * WIDTH; bp != end; ap += 8, bp += WIDTH) {
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
            x = DoubleVector.broadcast(SPECIES, a[ap + 6]);
            s60 = x.fma(y0, s60);
            s61 = x.fma(y1, s61);
            x = DoubleVector.broadcast(SPECIES, a[ap + 7]);
            s70 = x.fma(y0, s70);
            s71 = x.fma(y1, s71);
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
        if (rows > 6) {
            s60.intoArray(c, c0 + 6 * cRow);
            s61.intoArray(c, c0 + 6 * cRow + LENGTH);
        }
        if (rows > 7) {
            s70.intoArray(c, c0 + 7 * cRow);
            s71.intoArray(c, c0 + 7 * cRow + LENGTH);
        }
    }
}

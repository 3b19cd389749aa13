package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;
import static dev.microgpt.autograd.kernel.vector.VectorTile.WIDTH;

import jdk.incubator.vector.DoubleVector;

/**
 * A tile of C = A·B, 4 rows by two vectors, held in registers over the whole inner index, with B in a panel of two
 * vectors per step.
 *
 * <p>Its size suits the 16 registers of 256-bit and 128-bit vectors: 8 sums, 2 vectors of B, one element of A. The sums
 * are named variables, because C2 does not keep arrays in registers.
 *
 * <p>Writes the first {@code rows} rows, at least 1.
 */
final class VectorTile4 {
    private VectorTile4() {}

    /** A is read along its rows: element {@code (i, p)} at {@code a0 + i·aRow + p}. */
    static void rows(
            int rows,
            int k,
            double[] a,
            int a0,
            int aRow,
            double[] b,
            int b0,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        int a1 = Math.min(1, rows - 1) * aRow;
        int a2 = Math.min(2, rows - 1) * aRow;
        int a3 = Math.min(3, rows - 1) * aRow;
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
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
        }
        for (int ap = a0, bp = b0, end = a0 + k; ap < end; ap++, bp += WIDTH) {
            DoubleVector y0 = DoubleVector.fromArray(SPECIES, b, bp);
            DoubleVector y1 = DoubleVector.fromArray(SPECIES, b, bp + LENGTH);
            DoubleVector x = DoubleVector.broadcast(SPECIES, a[ap]);
            s00 = x.fma(y0, s00);
            s01 = x.fma(y1, s01);
            x = DoubleVector.broadcast(SPECIES, a[ap + a1]);
            s10 = x.fma(y0, s10);
            s11 = x.fma(y1, s11);
            x = DoubleVector.broadcast(SPECIES, a[ap + a2]);
            s20 = x.fma(y0, s20);
            s21 = x.fma(y1, s21);
            x = DoubleVector.broadcast(SPECIES, a[ap + a3]);
            s30 = x.fma(y0, s30);
            s31 = x.fma(y1, s31);
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
    }

    /** A is read along its columns: element {@code (i, p)} at {@code a0 + i + p·aStep}; all 4 are read. */
    static void columns(
            int rows,
            int k,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        DoubleVector zero = DoubleVector.zero(SPECIES);
        DoubleVector s00 = zero, s01 = zero, s10 = zero, s11 = zero, s20 = zero, s21 = zero, s30 = zero, s31 = zero;
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
        }
        for (int ap = a0, bp = b0, end = b0 + k * WIDTH; bp < end; ap += aStep, bp += WIDTH) {
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
    }
}

package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;
import static dev.microgpt.autograd.kernel.vector.VectorPacked.INTS;
import static dev.microgpt.autograd.kernel.vector.VectorPacked.PANELS;
import static dev.microgpt.autograd.kernel.vector.VectorPacked.WIDTH;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.PackedMatrix.Precision;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A tile of C += A·B, 4 rows by two vectors, with B in a panel of a packed matrix, whose numbers are widened in
 * registers, and A in a strip. For processors with 16 vector registers.
 */
final class VectorPacked4 {
    private VectorPacked4() {}

    /**
     * See {@link VectorKernels#packedTile}. While it computes, it reads a quarter of the lines of four panels that are
     * needed next, because the processor fetches ahead too little by itself while it multiplies.
     */
    static long multiply(
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
        if (b.precision() == Precision.F64) {
            return ofDoubles(steps, b.numbers(), b0, n0, n1, n2, n3, a, a0, c, c0, cRow);
        } else if (b.precision() == Precision.F32) {
            return ofFloats(steps, b.bits(), b0, n0, n1, n2, n3, a, a0, c, c0, cRow);
        }
        return ofPairs(steps, b.bits(), b0, n0, n1, n2, n3, a, a0, c, c0, cRow);
    }

    /** Numbers of 8 bytes. */
    private static long ofDoubles(
            int steps,
            double[] b,
            int b0,
            int n0,
            int n1,
            int n2,
            int n3,
            double[] a,
            int a0,
            double[] c,
            int c0,
            int cRow) {
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        DoubleVector s00 = DoubleVector.fromArray(SPECIES, c, c0);
        DoubleVector s01 = DoubleVector.fromArray(SPECIES, c, c0 + LENGTH);
        DoubleVector s10 = DoubleVector.fromArray(SPECIES, c, c1);
        DoubleVector s11 = DoubleVector.fromArray(SPECIES, c, c1 + LENGTH);
        DoubleVector s20 = DoubleVector.fromArray(SPECIES, c, c2);
        DoubleVector s21 = DoubleVector.fromArray(SPECIES, c, c2 + LENGTH);
        DoubleVector s30 = DoubleVector.fromArray(SPECIES, c, c3);
        DoubleVector s31 = DoubleVector.fromArray(SPECIES, c, c3 + LENGTH);
        long read = 0;
        for (int ap = a0, bp = b0, end = b0 + steps * WIDTH, next = 0;
                bp < end;
                ap += 4, bp += WIDTH, next += WIDTH / PANELS) {
            read |= Double.doubleToRawLongBits(b[n0 + next]) | Double.doubleToRawLongBits(b[n1 + next]);
            read |= Double.doubleToRawLongBits(b[n2 + next]) | Double.doubleToRawLongBits(b[n3 + next]);
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
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LENGTH);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LENGTH);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LENGTH);
        return read;
    }

    /** Numbers of 4 bytes. */
    private static long ofFloats(
            int steps,
            int[] b,
            int b0,
            int n0,
            int n1,
            int n2,
            int n3,
            double[] a,
            int a0,
            double[] c,
            int c0,
            int cRow) {
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        DoubleVector s00 = DoubleVector.fromArray(SPECIES, c, c0);
        DoubleVector s01 = DoubleVector.fromArray(SPECIES, c, c0 + LENGTH);
        DoubleVector s10 = DoubleVector.fromArray(SPECIES, c, c1);
        DoubleVector s11 = DoubleVector.fromArray(SPECIES, c, c1 + LENGTH);
        DoubleVector s20 = DoubleVector.fromArray(SPECIES, c, c2);
        DoubleVector s21 = DoubleVector.fromArray(SPECIES, c, c2 + LENGTH);
        DoubleVector s30 = DoubleVector.fromArray(SPECIES, c, c3);
        DoubleVector s31 = DoubleVector.fromArray(SPECIES, c, c3 + LENGTH);
        long read = 0;
        for (int ap = a0, bp = b0, end = b0 + steps * WIDTH, next = 0;
                bp < end;
                ap += 4, bp += WIDTH, next += WIDTH / PANELS) {
            read |= b[n0 + next] | b[n1 + next] | b[n2 + next] | b[n3 + next];
            DoubleVector y0 = (DoubleVector) IntVector.fromArray(INTS, b, bp)
                    .reinterpretAsFloats()
                    .convertShape(VectorOperators.F2D, SPECIES, 0);
            DoubleVector y1 = (DoubleVector) IntVector.fromArray(INTS, b, bp + LENGTH)
                    .reinterpretAsFloats()
                    .convertShape(VectorOperators.F2D, SPECIES, 0);
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
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LENGTH);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LENGTH);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LENGTH);
        return read;
    }

    /** Numbers of 2 bytes. */
    private static long ofPairs(
            int steps,
            int[] b,
            int b0,
            int n0,
            int n1,
            int n2,
            int n3,
            double[] a,
            int a0,
            double[] c,
            int c0,
            int cRow) {
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        DoubleVector s00 = DoubleVector.fromArray(SPECIES, c, c0);
        DoubleVector s01 = DoubleVector.fromArray(SPECIES, c, c0 + LENGTH);
        DoubleVector s10 = DoubleVector.fromArray(SPECIES, c, c1);
        DoubleVector s11 = DoubleVector.fromArray(SPECIES, c, c1 + LENGTH);
        DoubleVector s20 = DoubleVector.fromArray(SPECIES, c, c2);
        DoubleVector s21 = DoubleVector.fromArray(SPECIES, c, c2 + LENGTH);
        DoubleVector s30 = DoubleVector.fromArray(SPECIES, c, c3);
        DoubleVector s31 = DoubleVector.fromArray(SPECIES, c, c3 + LENGTH);
        IntVector high = IntVector.broadcast(INTS, 0xFFFF_0000);
        long read = 0;
        for (int ap = a0, bp = b0, end = b0 + steps * LENGTH, next = 0;
                bp < end;
                ap += 4, bp += LENGTH, next += LENGTH / PANELS) {
            read |= b[n0 + next] | b[n1 + next] | b[n2 + next] | b[n3 + next];
            IntVector pairs = IntVector.fromArray(INTS, b, bp);
            DoubleVector y0 = (DoubleVector) pairs.lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .convertShape(VectorOperators.F2D, SPECIES, 0);
            DoubleVector y1 =
                    (DoubleVector) pairs.and(high).reinterpretAsFloats().convertShape(VectorOperators.F2D, SPECIES, 0);
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
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LENGTH);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LENGTH);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LENGTH);
        return read;
    }
}

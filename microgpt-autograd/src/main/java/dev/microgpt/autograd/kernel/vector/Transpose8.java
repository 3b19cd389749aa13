package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Transposes 8 × 8 blocks in 512-bit registers. */
final class Transpose8 {
    private static final VectorShuffle<Double> SWAP_1 = VectorShuffle.fromOp(SPECIES, i -> i ^ 1);
    private static final VectorShuffle<Double> SWAP_2 = VectorShuffle.fromOp(SPECIES, i -> i ^ 2);
    private static final VectorShuffle<Double> SWAP_4 = VectorShuffle.fromOp(SPECIES, i -> i ^ 4);
    private static final VectorMask<Double> ODD_1 = VectorMask.fromLong(SPECIES, 0b10101010);
    private static final VectorMask<Double> ODD_2 = VectorMask.fromLong(SPECIES, 0b11001100);
    private static final VectorMask<Double> ODD_4 = VectorMask.fromLong(SPECIES, 0b11110000);

    private Transpose8() {}

    static void transpose(int k, double[] x, int x0, int row, double[] y, int y0, int width) {
        for (int p = 0, from = x0, to = y0; p < k; p += 8, from += 8, to += 8 * width) {
            DoubleVector r0 = DoubleVector.fromArray(SPECIES, x, from);
            DoubleVector r1 = DoubleVector.fromArray(SPECIES, x, from + row);
            DoubleVector r2 = DoubleVector.fromArray(SPECIES, x, from + 2 * row);
            DoubleVector r3 = DoubleVector.fromArray(SPECIES, x, from + 3 * row);
            DoubleVector r4 = DoubleVector.fromArray(SPECIES, x, from + 4 * row);
            DoubleVector r5 = DoubleVector.fromArray(SPECIES, x, from + 5 * row);
            DoubleVector r6 = DoubleVector.fromArray(SPECIES, x, from + 6 * row);
            DoubleVector r7 = DoubleVector.fromArray(SPECIES, x, from + 7 * row);
            DoubleVector s0 = r0.blend(r4.rearrange(SWAP_4), ODD_4);
            DoubleVector s4 = r0.rearrange(SWAP_4).blend(r4, ODD_4);
            DoubleVector s1 = r1.blend(r5.rearrange(SWAP_4), ODD_4);
            DoubleVector s5 = r1.rearrange(SWAP_4).blend(r5, ODD_4);
            DoubleVector s2 = r2.blend(r6.rearrange(SWAP_4), ODD_4);
            DoubleVector s6 = r2.rearrange(SWAP_4).blend(r6, ODD_4);
            DoubleVector s3 = r3.blend(r7.rearrange(SWAP_4), ODD_4);
            DoubleVector s7 = r3.rearrange(SWAP_4).blend(r7, ODD_4);
            DoubleVector t0 = s0.blend(s2.rearrange(SWAP_2), ODD_2);
            DoubleVector t2 = s0.rearrange(SWAP_2).blend(s2, ODD_2);
            DoubleVector t1 = s1.blend(s3.rearrange(SWAP_2), ODD_2);
            DoubleVector t3 = s1.rearrange(SWAP_2).blend(s3, ODD_2);
            DoubleVector t4 = s4.blend(s6.rearrange(SWAP_2), ODD_2);
            DoubleVector t6 = s4.rearrange(SWAP_2).blend(s6, ODD_2);
            DoubleVector t5 = s5.blend(s7.rearrange(SWAP_2), ODD_2);
            DoubleVector t7 = s5.rearrange(SWAP_2).blend(s7, ODD_2);
            DoubleVector u0 = t0.blend(t1.rearrange(SWAP_1), ODD_1);
            DoubleVector u1 = t0.rearrange(SWAP_1).blend(t1, ODD_1);
            DoubleVector u2 = t2.blend(t3.rearrange(SWAP_1), ODD_1);
            DoubleVector u3 = t2.rearrange(SWAP_1).blend(t3, ODD_1);
            DoubleVector u4 = t4.blend(t5.rearrange(SWAP_1), ODD_1);
            DoubleVector u5 = t4.rearrange(SWAP_1).blend(t5, ODD_1);
            DoubleVector u6 = t6.blend(t7.rearrange(SWAP_1), ODD_1);
            DoubleVector u7 = t6.rearrange(SWAP_1).blend(t7, ODD_1);
            u0.intoArray(y, to);
            u1.intoArray(y, to + width);
            u2.intoArray(y, to + 2 * width);
            u3.intoArray(y, to + 3 * width);
            u4.intoArray(y, to + 4 * width);
            u5.intoArray(y, to + 5 * width);
            u6.intoArray(y, to + 6 * width);
            u7.intoArray(y, to + 7 * width);
        }
    }
}

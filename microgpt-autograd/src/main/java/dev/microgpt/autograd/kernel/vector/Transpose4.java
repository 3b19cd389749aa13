package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Transposes 4 × 4 blocks in 256-bit registers. */
final class Transpose4 {
    private static final VectorShuffle<Double> SWAP_1 = VectorShuffle.fromOp(SPECIES, i -> i ^ 1);
    private static final VectorShuffle<Double> SWAP_2 = VectorShuffle.fromOp(SPECIES, i -> i ^ 2);
    private static final VectorMask<Double> ODD_1 = VectorMask.fromLong(SPECIES, 0b1010);
    private static final VectorMask<Double> ODD_2 = VectorMask.fromLong(SPECIES, 0b1100);

    private Transpose4() {}

    static void transpose(int k, double[] x, int x0, int row, double[] y, int y0, int width) {
        for (int p = 0, from = x0, to = y0; p < k; p += 4, from += 4, to += 4 * width) {
            DoubleVector r0 = DoubleVector.fromArray(SPECIES, x, from);
            DoubleVector r1 = DoubleVector.fromArray(SPECIES, x, from + row);
            DoubleVector r2 = DoubleVector.fromArray(SPECIES, x, from + 2 * row);
            DoubleVector r3 = DoubleVector.fromArray(SPECIES, x, from + 3 * row);
            DoubleVector s0 = r0.blend(r2.rearrange(SWAP_2), ODD_2);
            DoubleVector s2 = r0.rearrange(SWAP_2).blend(r2, ODD_2);
            DoubleVector s1 = r1.blend(r3.rearrange(SWAP_2), ODD_2);
            DoubleVector s3 = r1.rearrange(SWAP_2).blend(r3, ODD_2);
            s0.blend(s1.rearrange(SWAP_1), ODD_1).intoArray(y, to);
            s0.rearrange(SWAP_1).blend(s1, ODD_1).intoArray(y, to + width);
            s2.blend(s3.rearrange(SWAP_1), ODD_1).intoArray(y, to + 2 * width);
            s2.rearrange(SWAP_1).blend(s3, ODD_1).intoArray(y, to + 3 * width);
        }
    }
}

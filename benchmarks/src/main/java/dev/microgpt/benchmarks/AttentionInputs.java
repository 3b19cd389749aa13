package dev.microgpt.benchmarks;

import java.util.Random;
import java.util.stream.Stream;

/**
 * What both forms of attention compute from.
 *
 * @param sequences how many sequences, all of one length
 * @param heads     heads of each
 * @param length    rows of each
 * @param d         channels of a head
 * @param q         queries, shape {@code (sequences · length, heads · d)}, as all that follow
 * @param k         keys
 * @param v         values
 * @param weights   what the outputs are multiplied by before they are added up to a loss
 */
record AttentionInputs(
        int sequences, int heads, int length, int d, double[] q, double[] k, double[] v, double[] weights) {
    /** Draws everything from the normal distribution. */
    static AttentionInputs random(String shape) {
        int[] sizes = Stream.of(shape.split("x")).mapToInt(Integer::parseInt).toArray();
        Random random = new Random(1);
        double[][] matrices = new double[4][];
        for (int i = 0; i < matrices.length; i++) {
            matrices[i] = RandomNumbers.normal(random, sizes[0] * sizes[1] * sizes[2] * sizes[3]);
        }
        return new AttentionInputs(
                sizes[0], sizes[1], sizes[2], sizes[3], matrices[0], matrices[1], matrices[2], matrices[3]);
    }

    int rows() {
        return sequences * length;
    }

    int channels() {
        return heads * d;
    }

    /** Copies the rows of one sequence and the columns of one head, shape {@code (length, d)}. */
    double[] slice(double[] matrix, int sequence, int head) {
        double[] slice = new double[length * d];
        for (int t = 0; t < length; t++) {
            System.arraycopy(matrix, (sequence * length + t) * channels() + head * d, slice, t * d, d);
        }
        return slice;
    }

    void checkClose(String what, double[] one, double[] other) {
        for (int i = 0; i < one.length; i++) {
            checkClose(what + "[" + i + "]", one[i], other[i], 1);
        }
    }

    /**
     * Two ways to add the same numbers, perhaps in different orders. Each element comes from at most
     * {@code length + d} terms that are products of two numbers below 8, and each of these may be off by
     * {@code (length + d) · 2⁻⁵³} of itself.
     */
    void checkClose(String what, double one, double other, long elements) {
        double terms = length + d;
        double tolerance = elements * 8 * 8 * terms * terms * 0x1p-53;
        if (!(Math.abs(one - other) <= tolerance)) {
            throw new IllegalStateException(
                    what + " is " + one + " fused and " + other + " composed; they may differ by " + tolerance);
        }
    }
}

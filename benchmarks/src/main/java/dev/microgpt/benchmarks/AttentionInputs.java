package dev.microgpt.benchmarks;

import java.util.Random;
import java.util.stream.Stream;

/**
 * The inputs of both forms of attention.
 *
 * @param sequences the number of sequences, all of the same length
 * @param heads     the number of heads
 * @param length    the number of rows of each sequence
 * @param d         the number of channels of each head
 * @param q         queries, shape {@code (sequences · length, heads · d)}, as all following
 * @param k         keys
 * @param v         values
 * @param weights   multiplied with the outputs, whose sum is the loss
 */
record AttentionInputs(
        int sequences, int heads, int length, int d, double[] q, double[] k, double[] v, double[] weights) {
    /** Draws normally distributed inputs. */
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
     * Compares two sums of the same numbers, perhaps added in different orders. Each element is the sum of at most
     * {@code length + d} products of two numbers below 8, each with a relative error of at most
     * {@code (length + d) · 2⁻⁵³}.
     */
    void checkClose(String what, double one, double other, long elements) {
        double terms = length + d;
        double tolerance = elements * 8 * 8 * terms * terms * 0x1p-53;
        if (!(Math.abs(one - other) <= tolerance)) {
            throw new IllegalStateException(what + " is " + one + " fused and " + other
                    + " composed; the difference must be at most " + tolerance);
        }
    }
}

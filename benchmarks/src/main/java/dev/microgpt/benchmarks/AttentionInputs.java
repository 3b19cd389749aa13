package dev.microgpt.benchmarks;

import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.autograd.op.RotaryTable;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of both forms of attention.
 *
 * @param sequences the number of sequences, all of the same length
 * @param heads     the number of heads of queries
 * @param keyHeads  the number of heads of keys and values
 * @param length    the number of rows of each sequence
 * @param d         the number of channels of each head
 * @param window    the number of keys that a query sees
 * @param table     turns queries and keys, or null
 * @param q         queries, shape {@code (sequences · length, heads · d)}, as the weights
 * @param k         keys, shape {@code (sequences · length, keyHeads · d)}, as the values
 * @param v         values
 * @param weights   multiplied with the outputs, whose sum is the loss
 */
record AttentionInputs(
        int sequences,
        int heads,
        int keyHeads,
        int length,
        int d,
        int window,
        @Nullable RotaryTable table,
        double[] q,
        double[] k,
        double[] v,
        double[] weights) {
    /**
     * Draws normally distributed inputs.
     *
     * @param shape sequences, heads, length and channels per head as in {@code 1x12x1024x64}; then perhaps a form:
     *     {@code +grouped4} for four query heads that share keys and values, {@code +window64} for queries that see 64
     *     keys, {@code +rope} for queries and keys that are turned by their position
     */
    static AttentionInputs random(String shape) {
        String[] parts = shape.split("\\+");
        int[] sizes = Stream.of(parts[0].split("x")).mapToInt(Integer::parseInt).toArray();
        String form = parts.length == 1 ? "" : parts[1];
        int group = form.startsWith("grouped") ? Integer.parseInt(form.substring("grouped".length())) : 1;
        int window =
                form.startsWith("window") ? Integer.parseInt(form.substring("window".length())) : CausalAttention.ALL;
        RotaryTable table = form.equals("rope") ? new RotaryTable(sizes[3], 10_000, sizes[2]) : null;
        Random random = new Random(1);
        int size = sizes[0] * sizes[1] * sizes[2] * sizes[3];
        return new AttentionInputs(
                sizes[0],
                sizes[1],
                sizes[1] / group,
                sizes[2],
                sizes[3],
                window,
                table,
                RandomNumbers.normal(random, size),
                RandomNumbers.normal(random, size / group),
                RandomNumbers.normal(random, size / group),
                RandomNumbers.normal(random, size));
    }

    int rows() {
        return sequences * length;
    }

    /** Copies the rows of one sequence and the columns of one of its heads, shape {@code (length, d)}. */
    double[] slice(double[] matrix, int ofHeads, int sequence, int head) {
        double[] slice = new double[length * d];
        for (int t = 0; t < length; t++) {
            System.arraycopy(matrix, ((sequence * length + t) * ofHeads + head) * d, slice, t * d, d);
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
     * {@code group · length + d} products of two numbers below 8, each with a relative error of at most
     * {@code (group · length + d) · 2⁻⁵³}.
     */
    void checkClose(String what, double one, double other, long elements) {
        double terms = (double) heads / keyHeads * length + d;
        double tolerance = elements * 8 * 8 * terms * terms * 0x1p-53;
        if (!(Math.abs(one - other) <= tolerance)) {
            throw new IllegalStateException(what + " is " + one + " fused and " + other
                    + " composed; the difference must be at most " + tolerance);
        }
    }
}

package dev.microgpt.autograd;

import java.util.Arrays;

/**
 * The arrays of one tape, reused in the same order by every recording.
 *
 * <p>Training repeats one sequence of operations, so the n-th request of a step gets the array of the n-th request of
 * the previous step, which is replaced by a larger one when it is too small. That needs no search by size, and memory
 * is bounded by the largest step.
 */
final class BufferPool {
    private double[][] buffers = new double[64][];
    private int taken;

    /** Returns an array of at least {@code size} elements with undefined contents, valid until {@link #rewind}. */
    double[] take(int size) {
        if (taken == buffers.length) {
            buffers = Arrays.copyOf(buffers, 2 * taken);
        }
        double[] buffer = buffers[taken];
        if (buffer == null || buffer.length < size) {
            buffer = new double[size];
            buffers[taken] = buffer;
        }
        taken++;
        return buffer;
    }

    /** Returns the lengths of all arrays. */
    int[] sizes() {
        int count = 0;
        while (count < buffers.length && buffers[count] != null) {
            count++;
        }
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = buffers[i].length;
        }
        return sizes;
    }

    int taken() {
        return taken;
    }

    /** Makes all arrays available again except the first {@code count}. */
    void rewind(int count) {
        taken = count;
    }
}

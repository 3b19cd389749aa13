package dev.microgpt.autograd;

import java.util.Arrays;

/**
 * The arrays of one tape, handed out in the same order in every recording.
 *
 * <p>Training repeats one sequence of operations, so the n-th request of a step gets the array of the n-th request of
 * the step before, which grows until it fits the largest. That is cheaper than any search for a size, and memory is
 * that of the largest step.
 */
final class BufferPool {
    private double[][] buffers = new double[64][];
    private int taken;

    /** Returns an array of at least {@code size} elements with undefined content, valid until {@link #rewind}. */
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

    int taken() {
        return taken;
    }

    /** Takes back all arrays but the first {@code count} handed out. */
    void rewind(int count) {
        taken = count;
    }
}

package dev.microgpt.cli.report;

import java.util.Arrays;

/**
 * Chooses the points to draw of a long curve: the first, the last, and the lowest and highest in each of equal
 * intervals between them, so that no peak is lost.
 */
final class Thinning {
    private Thinning() {}

    /**
     * Returns the indices of the points to draw, ascending.
     *
     * @param values the values of the curve
     * @param most   the largest number of points to draw, at least 4
     */
    static int[] indices(double[] values, int most) {
        int count = values.length;
        int[] chosen = new int[Math.min(count, most)];
        if (count <= most) {
            for (int i = 0; i < count; i++) {
                chosen[i] = i;
            }
            return chosen;
        }
        int stretches = (most - 2) / 2;
        int size = 0;
        chosen[size++] = 0;
        for (int s = 0; s < stretches; s++) {
            int from = 1 + (int) ((long) (count - 2) * s / stretches);
            int to = 1 + (int) ((long) (count - 2) * (s + 1) / stretches);
            int low = from;
            int high = from;
            for (int i = from + 1; i < to; i++) {
                low = values[i] < values[low] ? i : low;
                high = values[i] > values[high] ? i : high;
            }
            chosen[size++] = Math.min(low, high);
            if (low != high) {
                chosen[size++] = Math.max(low, high);
            }
        }
        chosen[size++] = count - 1;
        return Arrays.copyOf(chosen, size);
    }
}

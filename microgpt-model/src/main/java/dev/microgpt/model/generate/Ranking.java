package dev.microgpt.model.generate;

/**
 * Hands out numbers from the highest down, each in {@code O(log n)}, without sorting those that nobody asks for: a binary
 * heap of indices.
 *
 * <p>Of equal numbers the one with the lower index comes first. Not thread-safe: it keeps the array it works in.
 */
final class Ranking {
    private double[] values = {};
    private int[] heap = {};
    private int size;

    /**
     * Begins anew, in {@code O(n)}.
     *
     * @param values no NaN among the first {@code n}; must not change as long as numbers are asked for
     * @param n      how many of them to rank
     * @param above  those that are not higher than this are left out
     */
    void start(double[] values, int n, double above) {
        if (heap.length < n) {
            heap = new int[n];
        }
        this.values = values;
        size = 0;
        for (int i = 0; i < n; i++) {
            if (values[i] > above) {
                heap[size++] = i;
            }
        }
        for (int parent = size / 2 - 1; parent >= 0; parent--) {
            sink(parent, heap[parent]);
        }
    }

    /** {@return how many numbers are left} */
    int size() {
        return size;
    }

    /** {@return the index of the highest number that is left, which is then handed out; there must be one} */
    int next() {
        int first = heap[0];
        int last = heap[--size];
        if (size > 0) {
            sink(0, last);
        }
        return first;
    }

    /** Puts an index at a place whose children are in order, or below it. */
    private void sink(int place, int index) {
        int at = place;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && comesBefore(heap[child + 1], heap[child])) {
                child++;
            }
            if (comesBefore(index, heap[child])) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = index;
    }

    private boolean comesBefore(int i, int j) {
        return values[i] > values[j] || values[i] == values[j] && i < j;
    }
}

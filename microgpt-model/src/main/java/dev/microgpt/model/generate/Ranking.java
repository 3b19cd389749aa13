package dev.microgpt.model.generate;

/**
 * Returns numbers in descending order, each in {@code O(log n)}, without sorting all of them: a binary heap of indices.
 *
 * <p>Ties are broken by the lower index. Not thread-safe: it reuses its array.
 */
final class Ranking {
    private double[] values = {};
    private int[] heap = {};
    private int size;

    /**
     * Starts a new ranking, in {@code O(n)}.
     *
     * @param values no NaN among the first {@code n}; must not change while the ranking is used
     * @param n      the number of values to rank
     * @param above  values that are not greater than this are left out
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

    /** {@return the number of values left} */
    int size() {
        return size;
    }

    /** {@return the index of the highest value left, which is removed; there must be one} */
    int next() {
        int first = heap[0];
        int last = heap[--size];
        if (size > 0) {
            sink(0, last);
        }
        return first;
    }

    /** Inserts an index at a place of the heap, or below it. */
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

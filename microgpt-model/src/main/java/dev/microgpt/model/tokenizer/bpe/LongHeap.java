package dev.microgpt.model.tokenizer.bpe;

import java.util.Arrays;

/** A min-heap of {@code long} numbers. */
public final class LongHeap {
    private long[] heap;
    private int size;

    public LongHeap(int expected) {
        heap = new long[Math.max(1, expected)];
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public void push(long value) {
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, size + (size >> 1) + 1);
        }
        int hole = size++;
        while (hole > 0) {
            int parent = (hole - 1) / 2;
            if (heap[parent] <= value) {
                break;
            }
            heap[hole] = heap[parent];
            hole = parent;
        }
        heap[hole] = value;
    }

    public long pop() {
        long smallest = heap[0];
        long value = heap[--size];
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && heap[child + 1] < heap[child]) {
                child++;
            }
            if (value <= heap[child]) {
                break;
            }
            heap[hole] = heap[child];
            hole = child;
        }
        heap[hole] = value;
        return smallest;
    }
}

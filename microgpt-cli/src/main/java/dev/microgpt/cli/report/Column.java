package dev.microgpt.cli.report;

import java.util.Arrays;

/** A growing list of numbers. */
final class Column {
    private double[] values = new double[1024];
    private int size;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    double get(int index) {
        return values[index];
    }

    int size() {
        return size;
    }

    /** Drops all numbers from an index on. */
    void cutAt(int size) {
        this.size = size;
    }
}

package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import java.util.Random;

/** The inputs of {@link RowBenchmark}'s operations: normally distributed matrices, and indices. */
final class RowInputs {
    /** Added to mean squares and variances. */
    static final double EPS = 1e-5;

    /** Rows of the embedding table. */
    static final int TOKENS = 65;

    final int rows;
    final int columns;
    final Parameter x;
    final Parameter other;
    final Parameter gain;
    final Parameter table;
    final int[] ids;
    final int[] targets;

    RowInputs(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        Random random = new Random(1);
        x = parameter("x", random, rows, columns);
        other = parameter("other", random, rows, columns);
        gain = new Parameter("gain", Shape.of(columns), RandomNumbers.normal(random, columns));
        table = parameter("table", random, TOKENS, columns);
        ids = random.ints(rows, 0, TOKENS).toArray();
        targets = random.ints(rows, 0, columns).toArray();
    }

    private static Parameter parameter(String name, Random random, int rows, int columns) {
        return new Parameter(name, Shape.of(rows, columns), RandomNumbers.normal(random, rows * columns));
    }

    /** The element of {@link #x} at row {@code t}, column {@code c}. */
    double x(int t, int c) {
        return x.data()[t * columns + c];
    }
}

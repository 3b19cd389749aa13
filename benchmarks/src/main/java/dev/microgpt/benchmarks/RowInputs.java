package dev.microgpt.benchmarks;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.op.DropoutMask;
import java.util.Random;

/** The inputs of {@link RowBenchmark}'s operations: normally distributed matrices, and indices. */
final class RowInputs {
    /** Added to mean squares and variances. */
    static final double EPS = 1e-5;

    /** Rows of the embedding table. */
    static final int TOKENS = 65;

    /** The probability of dropping an element. */
    static final double DROPOUT = 0.2;

    private static final CounterRandom STREAM = new CounterRandom(3);

    final int rows;
    final int columns;
    final Parameter x;
    final Parameter other;
    final Parameter gain;
    final Parameter table;
    final int[] ids;
    final int[] targets;
    final Sequences sequence;
    final DropoutMask mask = new DropoutMask(DROPOUT, STREAM);

    RowInputs(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        Random random = new Random(1);
        x = parameter("x", random, rows, columns);
        other = parameter("other", random, rows, columns);
        gain = new Parameter("gain", Shape.of(columns), RandomNumbers.normal(random, columns));
        table = parameter("table", random, TOKENS, columns);
        sequence = Sequences.ofLengths(rows);
        ids = random.ints(rows, 0, TOKENS).toArray();
        targets = random.ints(rows, 0, columns).toArray();
    }

    private static Parameter parameter(String name, Random random, int rows, int columns) {
        return new Parameter(name, Shape.of(rows, columns), RandomNumbers.normal(random, rows * columns));
    }

    /** Whether dropout drops the element at row {@code t}, column {@code c}. */
    boolean isDropped(int t, int c) {
        return STREAM.uniform((long) t * columns + c) < DROPOUT;
    }

    /** The element of {@link #x} at row {@code t}, column {@code c}. */
    double x(int t, int c) {
        return x.data()[t * columns + c];
    }
}

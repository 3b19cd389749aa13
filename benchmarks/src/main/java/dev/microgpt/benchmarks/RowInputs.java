package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import java.util.Random;

/** What the operations of {@link RowBenchmark} compute from: matrices of normal numbers, and indices. */
final class RowInputs {
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
        gain = new Parameter("gain", Shape.of(columns), normal(random, columns));
        table = parameter("table", random, TOKENS, columns);
        ids = random.ints(rows, 0, TOKENS).toArray();
        targets = random.ints(rows, 0, columns).toArray();
    }

    private static Parameter parameter(String name, Random random, int rows, int columns) {
        return new Parameter(name, Shape.of(rows, columns), normal(random, rows * columns));
    }

    static double[] normal(Random random, int size) {
        double[] x = new double[size];
        for (int i = 0; i < size; i++) {
            x[i] = random.nextGaussian();
        }
        return x;
    }
}

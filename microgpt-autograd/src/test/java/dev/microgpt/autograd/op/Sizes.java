package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The sizes of one case and the random numbers to fill it with.
 *
 * @param third the inner or outer dimension of a product, the number of rows of a table
 */
record Sizes(int rows, int columns, int third, long seed, Random random) {
    /** One, and what lies around the limits of tiles, lanes and blocks; 27 is the vocabulary of the names. */
    static final int[] EDGES = {1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 27, 31, 32, 33, 63, 64, 65};

    static Sizes of(int rows, int columns, int third) {
        long seed = (rows * 100L + columns) * 100L + third;
        return new Sizes(rows, columns, third, seed, new Random(seed));
    }

    /** Combines edges so that every one appears once as rows, once as columns and once as third size. */
    static List<Sizes> everyEdgeOnce(int shift) {
        int n = EDGES.length;
        Sizes[] sizes = new Sizes[n];
        for (int i = 0; i < n; i++) {
            sizes[i] = of(EDGES[i], EDGES[Math.floorMod(shift - i, n)], EDGES[(5 * i + shift) % n]);
        }
        return Arrays.asList(sizes);
    }

    /** Returns every third of some sizes; three shifts in a row return all. */
    static List<Sizes> everyThird(List<Sizes> sizes, int shift) {
        return IntStream.range(0, sizes.size())
                .filter(i -> (i + shift) % 3 == 0)
                .mapToObj(sizes::get)
                .toList();
    }

    /** Combines every edge as rows with every edge as columns; over all of them, third sizes meet both in all pairs. */
    static List<Sizes> everyPairOfEdges() {
        int n = EDGES.length;
        Sizes[] sizes = new Sizes[n * n];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                sizes[i * n + j] = of(EDGES[i], EDGES[j], EDGES[(i + j) % n]);
            }
        }
        return Arrays.asList(sizes);
    }

    /** Returns a parameter of N(0, 1). */
    Parameter normal(String name, int... dims) {
        Shape shape = Shape.of(dims);
        double[] data = new double[shape.size()];
        for (int i = 0; i < data.length; i++) {
            data[i] = random.nextGaussian();
        }
        return new Parameter(name, shape, data);
    }

    Parameter matrix(String name) {
        return normal(name, rows, columns);
    }

    /**
     * Returns N(0, 1) without the neighbourhood of zero that four steps of {@code GradientCheck.kinked()} reach; the
     * first number is positive, so that not all can be negative.
     */
    Parameter awayFromZero(String name) {
        Parameter x = matrix(name);
        double[] data = x.data();
        for (int i = 0; i < data.length; i++) {
            while (Math.abs(data[i]) <= 4e-4 * Math.max(1, Math.abs(data[i]))) {
                data[i] = random.nextGaussian();
            }
        }
        data[0] = Math.abs(data[0]);
        return x;
    }

    /** Returns numbers of at least 0.5. */
    Parameter positive(String name, int... dims) {
        Parameter x = normal(name, dims);
        Arrays.setAll(x.data(), i -> 0.5 + Math.abs(x.data()[i]));
        return x;
    }

    /** Returns N(0, 1), rounded to hundredths: as far from those {@link #between} as four steps of a check reach. */
    Parameter hundredths(String name, int... dims) {
        Parameter x = normal(name, dims);
        Arrays.setAll(x.data(), i -> Math.rint(100 * x.data()[i]) / 100);
        return x;
    }

    /** Returns N(0, 1), rounded to an odd number of half hundredths. */
    Parameter between(String name, int... dims) {
        Parameter x = hundredths(name, dims);
        Arrays.setAll(x.data(), i -> x.data()[i] + 0.005);
        return x;
    }

    /** Returns different numbers between −1 and 1, in random order and at equal distances. */
    Parameter distinct(String name) {
        Parameter x = matrix(name);
        int n = x.data().length;
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> x.data()[i]))
                .mapToInt(i -> i)
                .toArray();
        for (int i = 0; i < n; i++) {
            x.data()[order[i]] = (2.0 * i + 1) / n - 1;
        }
        return x;
    }

    /** Returns numbers from 0 to {@code bound − 1}; most are repeated when there are more than {@code bound}. */
    int[] indices(int count, int bound) {
        return random.ints(count, 0, bound).toArray();
    }

    /** Splits the rows into sequences of 1, about a third and about two thirds. */
    Sequences packed() {
        if (rows < 4) {
            return Sequences.ofLengths(rows);
        }
        int third = (rows - 1) / 3;
        return Sequences.ofLengths(third, 1, rows - 1 - third);
    }

    /** Returns sequences with 0, 3, 6, … more rows than those given. */
    static Sequences withPast(Sequences queries) {
        int[] lengths = new int[queries.count()];
        for (int s = 0; s < lengths.length; s++) {
            lengths[s] = queries.length(s) + 3 * s;
        }
        return Sequences.ofLengths(lengths);
    }

    /** Returns the smallest divisor of the number of columns that is at least 2, or 1. */
    int heads() {
        for (int heads = 2; heads <= columns; heads++) {
            if (columns % heads == 0) {
                return heads;
            }
        }
        return 1;
    }

    @Override
    public String toString() {
        return "rows " + rows + " columns " + columns + " third " + third + " seed " + seed;
    }
}

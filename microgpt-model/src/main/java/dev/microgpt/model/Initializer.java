package dev.microgpt.model;

import dev.microgpt.model.random.PythonRandom;
import java.util.Arrays;

/** Fills a parameter with its first numbers. */
@FunctionalInterface
public interface Initializer {
    /**
     * Writes the first numbers of one parameter.
     *
     * @param data   the numbers to write, all of them, in row-major order
     * @param random where they are drawn from
     */
    void fill(double[] data, PythonRandom random);

    /**
     * Draws from a normal distribution with mean 0, in row-major order.
     *
     * @param std the standard deviation (0.08 in microgpt)
     * @return the initializer
     */
    static Initializer normal(double std) {
        return new Initializer() {
            @Override
            public void fill(double[] data, PythonRandom random) {
                for (int i = 0; i < data.length; i++) {
                    data[i] = random.gauss(0.0, std);
                }
            }
        };
    }

    /**
     * Writes one number everywhere, and draws none.
     *
     * @param value the number
     * @return the initializer
     */
    static Initializer constant(double value) {
        return new Initializer() {
            @Override
            public void fill(double[] data, PythonRandom random) {
                Arrays.fill(data, value);
            }
        };
    }
}

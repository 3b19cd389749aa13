package dev.microgpt.model;

import dev.microgpt.model.random.PythonRandom;
import java.util.Arrays;

/** Fills a parameter with its initial values. */
@FunctionalInterface
public interface Initializer {
    /**
     * Writes the initial values of one parameter.
     *
     * @param data   the values to overwrite, in row-major order
     * @param random the generator to draw from
     */
    void fill(double[] data, PythonRandom random);

    /**
     * Draws from a normal distribution with mean 0, in row-major order.
     *
     * @param std the standard deviation (0.08 in microgpt)
     * @return an initializer that draws one number for each value
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
     * Sets all values to a constant.
     *
     * @param value the constant
     * @return an initializer that draws nothing
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

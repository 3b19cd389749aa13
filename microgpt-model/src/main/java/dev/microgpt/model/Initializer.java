package dev.microgpt.model;

import dev.microgpt.autograd.Shape;
import dev.microgpt.model.random.PythonRandom;
import java.util.Arrays;

/** Fills a parameter with its initial values. */
@FunctionalInterface
public interface Initializer {
    /**
     * Writes the initial values of one parameter.
     *
     * @param data   the values to overwrite, in row-major order
     * @param shape  the shape of the parameter; of a linear layer's weight {@code (out, in)}
     * @param random the generator to draw from
     */
    void fill(double[] data, Shape shape, PythonRandom random);

    /**
     * Draws from a normal distribution with mean 0, in row-major order.
     *
     * @param std the standard deviation (0.08 in microgpt)
     * @return an initializer that draws one number for each value
     */
    static Initializer normal(double std) {
        return new Initializer() {
            @Override
            public void fill(double[] data, Shape shape, PythonRandom random) {
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
            public void fill(double[] data, Shape shape, PythonRandom random) {
                Arrays.fill(data, value);
            }
        };
    }

    /**
     * Draws from a normal distribution with mean 0 and variance {@code 2 / (in + out)}, for the weight of a linear
     * layer of shape {@code (out, in)}.
     *
     * @return an initializer that draws one number for each value
     * @see <a href="https://proceedings.mlr.press/v9/glorot10a.html">Glorot and Bengio, Understanding the difficulty of
     *     training deep feedforward neural networks, 2010</a>
     */
    static Initializer xavier() {
        return new Initializer() {
            @Override
            public void fill(double[] data, Shape shape, PythonRandom random) {
                normal(Math.sqrt(2.0 / ((double) shape.rows() + shape.columns())))
                        .fill(data, shape, random);
            }
        };
    }

    /**
     * Draws from a normal distribution with mean 0 and variance {@code 2 / in}, for the weight of a linear layer of
     * shape {@code (out, in)} whose output goes through ReLU.
     *
     * @return an initializer that draws one number for each value
     * @see <a href="https://arxiv.org/abs/1502.01852">He et al., Delving Deep into Rectifiers, 2015</a>
     */
    static Initializer kaiming() {
        return new Initializer() {
            @Override
            public void fill(double[] data, Shape shape, PythonRandom random) {
                normal(Math.sqrt(2.0 / shape.columns())).fill(data, shape, random);
            }
        };
    }
}

package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;

/** Random inputs and weights. */
final class RandomNumbers {
    private static final double BOUND = 0.08 * Math.sqrt(3); // a uniform number of standard deviation 0.08

    private RandomNumbers() {}

    /** Returns normally distributed numbers. */
    static double[] normal(Random random, int size) {
        double[] x = new double[size];
        for (int i = 0; i < size; i++) {
            x[i] = random.nextGaussian();
        }
        return x;
    }

    /** Returns weights with the standard deviation of microgpt's, from a generator fast enough for large models. */
    static Parameters weights(GptConfig config) {
        SplittableRandom random = new SplittableRandom(1);
        Map<String, Tensor> stored = new HashMap<>();
        for (Map.Entry<String, Shape> parameter : config.shapes().entrySet()) {
            double[] data = new double[parameter.getValue().size()];
            for (int i = 0; i < data.length; i++) {
                data[i] = BOUND * (2 * random.nextDouble() - 1);
            }
            stored.put(parameter.getKey(), Tensor.constant(parameter.getValue(), data));
        }
        return Parameters.from(stored);
    }
}

package dev.microgpt.autograd.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Linear regression: gradient descent on the mean squared error finds the line through noisy points. */
class LinearRegressionTest {
    @Test
    void slopeAndInterceptAreFound() {
        Random random = new Random(1);
        double[] x = new double[100];
        double[] y = new double[100];
        for (int i = 0; i < 100; i++) {
            x[i] = random.nextGaussian();
            y[i] = 3 * x[i] - 2 + 0.1 * random.nextGaussian();
        }
        Tensor inputs = Tensor.constant(Shape.of(100, 1), x);
        Tensor targets = Tensor.constant(Shape.of(100, 1), y);
        Parameter weight = new Parameter("weight", Shape.of(1, 1), 0);
        Parameter bias = new Parameter("bias", Shape.of(1), 0);
        double[] losses = new double[100];

        Tape tape = Tape.training();
        for (int step = 0; step < 100; step++) {
            Tensor loss = tape.meanSquaredError(tape.linear(inputs, weight, bias), targets);
            tape.backward(loss); // adds to the gradients
            losses[step] = loss.item();
            for (Parameter p : List.of(weight, bias)) {
                tape.kernels().axpy(-0.1, p.grad(), 0, p.data(), 0, p.shape().size()); // p += -0.1 · dp
                p.zeroGrad();
            }
            tape.reset(); // the next step uses the same buffers
        }

        assertTrue(losses[0] > 10, "loss before: " + losses[0]);
        assertTrue(losses[99] < 0.015, "loss after: " + losses[99]); // the noise has the variance 0.01
        assertEquals(3, weight.item(), 0.02);
        assertEquals(-2, bias.item(), 0.02);
    }
}

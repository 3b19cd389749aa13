package dev.microgpt.autograd.examples;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A multilayer perceptron: one hidden layer separates two interleaved half circles, which no line does. */
class TwoMoonsTest {
    @Test
    void pointsThatItHasNotSeenAreOnTheRightSide() {
        Random random = new Random(1);
        int seen = 200; // of 300 points
        double[] points = new double[600];
        double[] labels = new double[300];
        for (int i = 0; i < 300; i++) {
            labels[i] = i % 2;
            double sign = 1 - 2 * labels[i]; // the lower moon is the upper one turned around
            double angle = Math.PI * random.nextDouble();
            points[2 * i] = labels[i] + sign * StrictMath.cos(angle) + 0.1 * random.nextGaussian();
            points[2 * i + 1] = 0.5 * labels[i] + sign * StrictMath.sin(angle) + 0.1 * random.nextGaussian();
        }
        Tensor x = Tensor.constant(Shape.of(seen, 2), points);
        double[] targets = Arrays.copyOf(labels, seen);
        Parameter w1 =
                new Parameter("w1", Shape.of(16, 2), random.doubles(32, -1, 1).toArray());
        Parameter b1 = new Parameter("b1", Shape.of(16), new double[16]);
        Parameter w2 =
                new Parameter("w2", Shape.of(1, 16), random.doubles(16, -1, 1).toArray());
        Parameter b2 = new Parameter("b2", Shape.of(1), 0);
        double[] losses = new double[300];

        Tape tape = Tape.training();
        for (int step = 0; step < 300; step++) {
            Tensor hidden = tape.tanh(tape.linear(x, w1, b1));
            Tensor loss = tape.binaryCrossEntropyWithLogits(tape.linear(hidden, w2, b2), targets);
            tape.backward(loss);
            losses[step] = loss.item();
            for (Parameter p : List.of(w1, b1, w2, b2)) {
                tape.kernels().axpy(-1.0, p.grad(), 0, p.data(), 0, p.shape().size());
                p.zeroGrad();
            }
            tape.reset();
        }

        Tape inference = Tape.inference(); // computes without gradients
        Tensor all = Tensor.constant(Shape.of(300, 2), points);
        Tensor logits = inference.linear(inference.tanh(inference.linear(all, w1, b1)), w2, b2);
        int right = 0;
        for (int i = seen; i < 300; i++) {
            right += (logits.data()[i] > 0) == (labels[i] == 1) ? 1 : 0;
        }

        assertTrue(losses[0] > 0.6, "loss before: " + losses[0]);
        assertTrue(losses[299] < 0.08, "loss after: " + losses[299]);
        assertTrue(right >= 97, right + " of 100 right");
    }
}

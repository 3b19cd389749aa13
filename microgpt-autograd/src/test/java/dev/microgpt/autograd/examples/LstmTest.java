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

/** A recurrent network: an LSTM with {@code C} channels remembers the first of 8 random bits, and no other. */
class LstmTest {
    private static final int C = 8;
    private static final int BATCH = 32;
    private final Random random = new Random(1);
    private final Parameter weight = uniform("weight", 4 * C, 1 + C);
    private final Parameter bias = new Parameter("bias", Shape.of(4 * C), new double[4 * C]);
    private final Parameter readout = uniform("readout", 1, C);

    private Parameter uniform(String name, int... dims) {
        double[] numbers = random.doubles(Shape.of(dims).size(), -0.5, 0.5).toArray();
        return new Parameter(name, Shape.of(dims), numbers);
    }

    /** Draws the bits of a batch of sequences, −1 or 1: {@code bits[t][i]} is bit {@code t} of sequence {@code i}. */
    private double[][] bits() {
        double[][] bits = new double[8][BATCH];
        for (double[] row : bits) {
            Arrays.setAll(row, i -> 2 * random.nextInt(2) - 1);
        }
        return bits;
    }

    /** Returns the logits that the first bit was 1, shape (BATCH, 1). */
    private Tensor logits(Tape tape, double[][] bits) {
        Tensor h = Tensor.constant(Shape.of(BATCH, C), new double[BATCH * C]);
        Tensor c = h;
        for (double[] bit : bits) {
            Tensor x = Tensor.constant(Shape.of(BATCH, 1), bit);
            Tensor gates = tape.linear(tape.concatenateColumns(x, h), weight, bias);
            Tensor write = tape.sigmoid(tape.sliceColumns(gates, 0, C));
            Tensor keep = tape.sigmoid(tape.sliceColumns(gates, C, 2 * C));
            Tensor read = tape.sigmoid(tape.sliceColumns(gates, 2 * C, 3 * C));
            Tensor candidate = tape.tanh(tape.sliceColumns(gates, 3 * C, 4 * C));
            c = tape.add(tape.multiply(keep, c), tape.multiply(write, candidate));
            h = tape.multiply(read, tape.tanh(c));
        }
        return tape.linear(h, readout);
    }

    @Test
    void firstBitIsKnownAtTheEnd() {
        Arrays.fill(bias.data(), C, 2 * C, 1); // keeps what it has, until it learns better
        double[] losses = new double[300];
        Tape tape = Tape.training();
        for (int step = 0; step < 300; step++) {
            double[][] bits = bits();
            double[] targets = Arrays.stream(bits[0]).map(bit -> (bit + 1) / 2).toArray();
            Tensor loss = tape.binaryCrossEntropyWithLogits(logits(tape, bits), targets);
            tape.backward(loss);
            losses[step] = loss.item();
            for (Parameter p : List.of(weight, bias, readout)) {
                tape.kernels().axpy(-2.0, p.grad(), 0, p.data(), 0, p.shape().size());
                p.zeroGrad();
            }
            tape.reset();
        }
        assertTrue(losses[0] > 0.6 && losses[299] < 0.05, "losses: " + losses[0] + ", …, " + losses[299]);
        double[][] bits = bits();
        double[] logits = logits(Tape.inference(), bits).toArray();
        for (int i = 0; i < BATCH; i++) {
            assertTrue(logits[i] > 0 == bits[0][i] > 0, "sequence " + i);
        }
    }
}

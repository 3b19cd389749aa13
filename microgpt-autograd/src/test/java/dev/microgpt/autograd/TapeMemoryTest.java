package dev.microgpt.autograd;

import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;

/** After the first steps, a step allocates no array of numbers and little else. */
class TapeMemoryTest {
    private static final int ROUNDS = 60;
    private static final int STEPS = 2_000;
    private static final int OPERATIONS = 12;

    private final int[] ids = {3, 1, 2, 1};
    private final int[] targets = {1, 2, 1, 0};
    private final Sequences sequences = Sequences.ofLengths(3, 1);
    private final Parameter table = normal("table", 5, 16);
    private final Parameter key = normal("key", 16, 16);
    private final Parameter hidden = normal("hidden", 64, 16);
    private final Parameter output = normal("output", 16, 64);
    private final Parameter gain = normal("gain", 16);

    private final Tensor[] results = new Tensor[OPERATIONS];

    /** A small transformer: every kind of buffer that operations ask for. */
    private void step(Tape tape) {
        Tensor x = results[0] = tape.embedding(table, ids);
        Tensor n = results[1] = tape.rmsNorm(x, gain, 1e-5);
        Tensor k = results[2] = tape.linear(n, key);
        Tensor a = results[3] = tape.causalAttention(n, k, n, 4, sequences);
        Tensor r = results[4] = tape.add(x, a);
        Tensor m = results[5] = tape.layerNorm(r, gain, gain, 1e-5);
        Tensor h = results[6] = tape.linear(m, hidden);
        Tensor g = results[7] = tape.geluTanh(h);
        Tensor o = results[8] = tape.linear(g, output);
        Tensor s = results[9] = tape.add(r, o);
        Tensor logits = results[10] = tape.linear(s, table);
        results[11] = tape.crossEntropy(logits, targets);
        tape.backward(results[11]);
    }

    @Test
    void secondStepUsesTheArraysOfTheFirst() {
        Tape tape = Tape.training();
        step(tape);
        List<double[]> first = arrays(results);
        tape.reset();
        step(tape);
        List<double[]> second = arrays(results);
        for (int i = 0; i < first.size(); i++) {
            assertSame(first.get(i), second.get(i), "array " + i);
        }
    }

    @Test
    void smallerStepUsesTheArraysOfALargerOne() {
        Tape tape = Tape.inference();
        double[] large =
                tape.scale(Tensor.constant(Shape.of(100), new double[100]), 2).data();
        tape.reset();
        assertSame(large, tape.scale(Tensor.constant(Shape.of(3), 1, 2, 3), 2).data());
    }

    @Test
    void warmStepAllocatesLessThan200BytesAnOperation(TestReporter reporter) throws ReflectiveOperationException {
        Tape tape = Tape.training();
        double bytes = Double.POSITIVE_INFINITY; // until they are compiled, vectors are objects
        for (int round = 0; round < ROUNDS && bytes >= 200; round++) {
            long before = allocatedBytes();
            for (int i = 0; i < STEPS; i++) {
                step(tape);
                tape.reset();
            }
            bytes = Math.min(bytes, (double) (allocatedBytes() - before) / STEPS / OPERATIONS);
        }
        reporter.publishEntry("allocated", bytes + " bytes a recorded operation");
        assertTrue(bytes < 200, bytes + " bytes a recorded operation");
    }

    /** Asks {@code com.sun.management.ThreadMXBean}, by name, for the module under test does not read that module. */
    private static long allocatedBytes() throws ReflectiveOperationException {
        Object threads = Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        return (long) Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getThreadAllocatedBytes", long.class)
                .invoke(threads, Thread.currentThread().getId());
    }

    private static List<double[]> arrays(Tensor... tensors) {
        List<double[]> arrays = new ArrayList<>();
        for (Tensor tensor : tensors) {
            arrays.add(tensor.data());
            arrays.add(tensor.grad());
        }
        return arrays;
    }

    private static Parameter normal(String name, int... dims) {
        Random random = new Random(name.hashCode());
        Shape shape = Shape.of(dims);
        return new Parameter(name, shape, random.doubles(shape.size(), -1, 1).toArray());
    }
}

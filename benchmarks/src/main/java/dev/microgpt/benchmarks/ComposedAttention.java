package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.function.DoubleUnaryOperator;

/**
 * Attention composed of operations on single matrices: {@code softmax(q·kᵀ/√d + mask)·v} for each sequence and head.
 *
 * <p>The mask adds {@code −∞} to the scores of later positions, as usual; the products ignore it and multiply the zeros
 * as well, and those outside of a window. Queries, keys and values of each head are separate parameters, so the cost of
 * slicing them out of one matrix is not part of the comparison.
 */
final class ComposedAttention {
    private final Tape tape = Tape.training();
    private final AttentionInputs given;
    private final Parameter[] queries; // of each sequence and head
    private final Parameter[] keys; // of each sequence and head of keys, as the values
    private final Parameter[] values;
    private final Tensor[] weights;
    private final Tensor mask;
    private final Tensor cosines;
    private final Tensor sines;

    ComposedAttention(AttentionInputs given) {
        this.given = given;
        queries = slices("q", given.q(), given.heads());
        keys = slices("k", given.k(), given.keyHeads());
        values = slices("v", given.v(), given.keyHeads());
        weights = slices("weights", given.weights(), given.heads());
        mask = mask(given.length(), given.window());
        cosines = turns(Math::cos);
        sines = turns(Math::sin);
    }

    private Parameter[] slices(String name, double[] matrix, int heads) {
        Parameter[] slices = new Parameter[given.sequences() * heads];
        for (int i = 0; i < slices.length; i++) {
            double[] slice = given.slice(matrix, heads, i / heads, i % heads);
            slices[i] = new Parameter(name, Shape.of(given.length(), given.d()), slice);
        }
        return slices;
    }

    private static Tensor mask(int length, int window) {
        double[] mask = new double[length * length];
        for (int t = 0; t < length; t++) {
            for (int u = 0; u < length; u++) {
                mask[t * length + u] = u > t || t - u >= window ? Double.NEGATIVE_INFINITY : 0;
            }
        }
        return Tensor.constant(Shape.of(length, length), mask);
    }

    /** A function of the angle of each position and channel. */
    private Tensor turns(DoubleUnaryOperator function) {
        int d = given.d();
        double[] turns = new double[given.length() * d];
        for (int i = 0; i < turns.length; i++) {
            turns[i] = function.applyAsDouble(i / d * Math.pow(10_000, -2.0 * (i % d % (d / 2)) / d));
        }
        return Tensor.constant(Shape.of(given.length(), d), turns);
    }

    double forwardAndBackward() {
        tape.reset();
        for (int i = 0; i < keys.length; i++) {
            keys[i].zeroGrad();
            values[i].zeroGrad();
        }
        Tensor loss = forward(0);
        for (int i = 1; i < queries.length; i++) {
            loss = tape.add(loss, forward(i));
        }
        tape.backward(loss);
        return loss.item();
    }

    private Tensor forward(int i) {
        queries[i].zeroGrad();
        int key = i / (given.heads() / given.keyHeads());
        Tensor scores = tape.scale(tape.linear(turned(queries[i]), turned(keys[key])), 1.0 / Math.sqrt(given.d()));
        Tensor p = tape.softmax(tape.add(scores, mask));
        return tape.sum(tape.multiply(tape.matmul(p, values[key]), weights[i]));
    }

    private Tensor turned(Tensor x) {
        if (given.table() == null) {
            return x;
        }
        int half = given.d() / 2;
        Tensor left = tape.sliceColumns(x, 0, half);
        Tensor right = tape.scale(tape.sliceColumns(x, half, given.d()), -1);
        return tape.add(tape.multiply(x, cosines), tape.multiply(tape.concatenateColumns(right, left), sines));
    }

    /** The gradient of q (0), k (1) or v (2), assembled to the shape of all heads. */
    double[] gradient(int input) {
        Parameter[] slices = input == 0 ? queries : input == 1 ? keys : values;
        int heads = slices.length / given.sequences();
        int d = given.d();
        double[] all = new double[slices.length * given.length() * d];
        for (int i = 0; i < slices.length; i++) {
            for (int t = 0; t < given.length(); t++) {
                int row = i / heads * given.length() + t;
                System.arraycopy(slices[i].grad(), t * d, all, (row * heads + i % heads) * d, d);
            }
        }
        return all;
    }
}

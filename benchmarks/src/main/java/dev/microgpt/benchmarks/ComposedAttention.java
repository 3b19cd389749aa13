package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * Attention composed of operations on single matrices: {@code softmax(q·kᵀ/√d + mask)·v} for each sequence and head.
 *
 * <p>The mask adds {@code −∞} to the scores of later positions, as usual; the products ignore it and multiply the zeros
 * as well. Queries, keys and values of each head are separate parameters, so the cost of slicing them out of one matrix
 * is not part of the comparison.
 */
final class ComposedAttention {
    private final Tape tape = Tape.training();
    private final AttentionInputs given;
    private final Parameter[][] inputs; // q, k and v of each sequence and head
    private final Tensor[] weights;
    private final Tensor mask;

    ComposedAttention(AttentionInputs given) {
        this.given = given;
        int matrices = given.sequences() * given.heads();
        Shape shape = Shape.of(given.length(), given.d());
        inputs = new Parameter[matrices][];
        weights = new Tensor[matrices];
        for (int i = 0; i < matrices; i++) {
            int sequence = i / given.heads();
            int head = i % given.heads();
            inputs[i] = new Parameter[] {
                new Parameter("q", shape, given.slice(given.q(), sequence, head)),
                new Parameter("k", shape, given.slice(given.k(), sequence, head)),
                new Parameter("v", shape, given.slice(given.v(), sequence, head))
            };
            weights[i] = Tensor.constant(shape, given.slice(given.weights(), sequence, head));
        }
        mask = mask(given.length());
    }

    private static Tensor mask(int length) {
        double[] mask = new double[length * length];
        for (int t = 0; t < length; t++) {
            for (int u = t + 1; u < length; u++) {
                mask[t * length + u] = Double.NEGATIVE_INFINITY;
            }
        }
        return Tensor.constant(Shape.of(length, length), mask);
    }

    double forwardAndBackward() {
        tape.reset();
        Tensor loss = forward(0);
        for (int i = 1; i < inputs.length; i++) {
            loss = tape.add(loss, forward(i));
        }
        tape.backward(loss);
        return loss.item();
    }

    private Tensor forward(int i) {
        Parameter q = inputs[i][0];
        Parameter k = inputs[i][1];
        Parameter v = inputs[i][2];
        q.zeroGrad();
        k.zeroGrad();
        v.zeroGrad();
        Tensor scores = tape.scale(tape.linear(q, k), 1.0 / Math.sqrt(given.d()));
        Tensor p = tape.softmax(tape.add(scores, mask));
        return tape.sum(tape.multiply(tape.matmul(p, v), weights[i]));
    }

    /** The gradient of q (0), k (1) or v (2), assembled to shape {@code (T, C)}. */
    double[] gradient(int input) {
        double[] all = new double[given.rows() * given.channels()];
        int d = given.d();
        for (int i = 0; i < inputs.length; i++) {
            int row = i / given.heads() * given.length();
            int column = i % given.heads() * d;
            for (int t = 0; t < given.length(); t++) {
                System.arraycopy(inputs[i][input].grad(), t * d, all, (row + t) * given.channels() + column, d);
            }
        }
        return all;
    }
}

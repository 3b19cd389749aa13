package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;

/** Attention over all sequences and heads as one operation. */
final class FusedAttention {
    private final Tape tape = Tape.training();
    private final int heads;
    private final Sequences sequences;
    private final Parameter[] inputs;
    private final Tensor weights;

    FusedAttention(AttentionInputs given) {
        Shape shape = Shape.of(given.rows(), given.channels());
        heads = given.heads();
        int[] lengths = new int[given.sequences()];
        Arrays.fill(lengths, given.length());
        sequences = Sequences.ofLengths(lengths);
        inputs = new Parameter[] {
            new Parameter("q", shape, given.q()),
            new Parameter("k", shape, given.k()),
            new Parameter("v", shape, given.v())
        };
        weights = Tensor.constant(shape, given.weights());
    }

    double forwardAndBackward() {
        for (Parameter input : inputs) {
            input.zeroGrad();
        }
        tape.reset();
        Tensor y = tape.causalAttention(inputs[0], inputs[1], inputs[2], heads, sequences);
        Tensor loss = tape.sum(tape.multiply(y, weights));
        tape.backward(loss);
        return loss.item();
    }

    /** The gradient of q (0), k (1) or v (2), shape {@code (T, C)}. */
    double[] gradient(int input) {
        return inputs[input].grad();
    }
}

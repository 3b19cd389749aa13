package dev.microgpt.benchmarks;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CausalAttention;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Attention over all sequences and heads as one operation. */
final class FusedAttention {
    private final Tape tape = Tape.training();
    private final AttentionInputs given;
    private final Sequences sequences;
    private final int[] positions;
    private final Parameter[] inputs;
    private final Tensor weights;

    FusedAttention(AttentionInputs given) {
        this.given = given;
        Shape shape = Shape.of(given.rows(), given.heads() * given.d());
        Shape shared = Shape.of(given.rows(), given.keyHeads() * given.d());
        int[] lengths = new int[given.sequences()];
        Arrays.fill(lengths, given.length());
        sequences = Sequences.ofLengths(lengths);
        positions = IntStream.range(0, given.rows())
                .map(row -> row % given.length())
                .toArray();
        inputs = new Parameter[] {
            new Parameter("q", shape, given.q()),
            new Parameter("k", shared, given.k()),
            new Parameter("v", shared, given.v())
        };
        weights = Tensor.constant(shape, given.weights());
    }

    double forwardAndBackward() {
        for (Parameter input : inputs) {
            input.zeroGrad();
        }
        tape.reset();
        Tensor q = inputs[0];
        Tensor k = inputs[1];
        if (given.table() != null) {
            q = tape.rotary(q, given.heads(), given.table(), positions);
            k = tape.rotary(k, given.keyHeads(), given.table(), positions);
        }
        double scale = 1.0 / Math.sqrt(given.d());
        Tensor y = tape.apply(
                new CausalAttention(q, k, inputs[2], given.heads(), sequences, sequences, null, scale, given.window()));
        Tensor loss = tape.sum(tape.multiply(y, weights));
        tape.backward(loss);
        return loss.item();
    }

    /** The gradient of q (0), k (1) or v (2). */
    double[] gradient(int input) {
        return inputs[input].grad();
    }
}

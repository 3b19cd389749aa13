package dev.microgpt.autograd.op;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Operations reject inputs that do not fit with a message that contains the operation, the values and the rule. */
class OpMessageTest {
    static List<Arguments> products() {
        return List.of(
                refused(
                        "matmul: a is (2, 3) but b is (4, 5); the inner dimensions must match (3 and 4)",
                        () -> new MatMul(tensor(2, 3), tensor(4, 5))),
                refused("matmul: a is (3), but must have two dimensions", () -> new MatMul(tensor(3), tensor(3, 5))),
                refused(
                        "matmul: b is (3, 5, 1), but must have two dimensions",
                        () -> new MatMul(tensor(2, 3), tensor(3, 5, 1))),
                refused(
                        "linear: x is (8, 16) but weight is (64, 32); the last dimensions must match (16 and 32)",
                        () -> new Linear(tensor(8, 16), tensor(64, 32), null)),
                refused(
                        "linear: bias is (16), but must be (64), one number for each column of (8, 64)",
                        () -> new Linear(tensor(8, 16), tensor(64, 16), tensor(16))),
                refused(
                        "linear: x is (), but must have two dimensions",
                        () -> new Linear(tensor(), tensor(64, 16), null)),
                refused(
                        "linear: weight is (16), but must have two dimensions",
                        () -> new Linear(tensor(8, 16), tensor(16), null)));
    }

    static List<Arguments> dropout() {
        return List.of(
                refused(
                        "dropout: the rate is 1.0, but must be at least 0 and below 1",
                        () -> new DropoutMask(1, new CounterRandom(1))),
                refused(
                        "dropout: x is (2, 3) but its sequences have 3 rows in all; the numbers of rows must match",
                        () -> new Dropout(
                                tensor(2, 3), Sequences.ofLengths(3), new DropoutMask(0.5, new CounterRandom(1)))),
                refused(
                        "dropout: the number of random streams of the dropout mask is 2 but the number of sequences is"
                                + " 1;"
                                + " each sequence needs one stream",
                        () -> new Dropout(
                                tensor(2, 3),
                                Sequences.ofLengths(2),
                                new DropoutMask(0.5, new CounterRandom(1), new CounterRandom(2)))),
                refused(
                        "causalAttention: the number of random streams of the dropout mask is 2 but the number of"
                                + " sequences"
                                + " is 1; each sequence needs one stream",
                        () -> new CausalAttention(
                                tensor(2, 3),
                                tensor(2, 3),
                                tensor(2, 3),
                                1,
                                Sequences.ofLengths(2),
                                Sequences.ofLengths(2),
                                new DropoutMask(0.5, new CounterRandom(1), new CounterRandom(2)),
                                1.0,
                                CausalAttention.ALL)),
                refused(
                        "causalAttention: scale is 0.0, but must be positive and finite",
                        () -> new CausalAttention(
                                tensor(2, 3),
                                tensor(2, 3),
                                tensor(2, 3),
                                1,
                                Sequences.ofLengths(2),
                                Sequences.ofLengths(2),
                                null,
                                0.0,
                                CausalAttention.ALL)),
                refused(
                        "causalAttention: the window is 0, but must be at least 1, because a query sees the key at its"
                                + " own position",
                        () -> new CausalAttention(
                                tensor(2, 3),
                                tensor(2, 3),
                                tensor(2, 3),
                                1,
                                Sequences.ofLengths(2),
                                Sequences.ofLengths(2),
                                null,
                                1.0,
                                0)));
    }

    static List<Arguments> norms() {
        return List.of(
                refused("rmsNorm: eps is 0.0, but must be positive and finite", () -> new RmsNorm(tensor(2, 3), 0)),
                refused(
                        "rmsNorm: eps is NaN, but must be positive and finite",
                        () -> new RmsNorm(tensor(2, 3), Double.NaN)),
                refused(
                        "rmsNormGain: eps is 0.0, but must be positive and finite",
                        () -> new RmsNormGain(tensor(2, 3), tensor(3), 0)),
                refused(
                        "rmsNormGain: gain is (2), but must be (3), one number for each column of (2, 3)",
                        () -> new RmsNormGain(tensor(2, 3), tensor(2), 1e-5)),
                refused(
                        "layerNorm: eps is Infinity, but must be positive and finite",
                        () -> new LayerNorm(tensor(2, 3), tensor(3), null, Double.POSITIVE_INFINITY)),
                refused(
                        "layerNorm: gain is (2), but must be (3), one number for each column of (2, 3)",
                        () -> new LayerNorm(tensor(2, 3), tensor(2), null, 1e-5)),
                refused(
                        "layerNorm: bias is (1, 3), but must be (3), one number for each column of (2, 3)",
                        () -> new LayerNorm(tensor(2, 3), tensor(3), tensor(1, 3), 1e-5)));
    }

    static List<Arguments> rotations() {
        RotaryTable table = new RotaryTable(4, 1e4, 9);
        return List.of(
                refused(
                        "rotary: the width of a head is 3, but must be even and at least 2, because channels are turned"
                                + " in pairs",
                        () -> new RotaryTable(3, 1e4, 9)),
                refused(
                        "rotary: the width of a head is 0, but must be even and at least 2, because channels are turned"
                                + " in pairs",
                        () -> new RotaryTable(0, 1e4, 9)),
                refused("rotary: theta is 0.0, but must be positive and finite", () -> new RotaryTable(4, 0, 9)),
                refused(
                        "rotary: theta is NaN, but must be positive and finite",
                        () -> new RotaryTable(4, Double.NaN, 9)),
                refused(
                        "rotary: theta is Infinity, but must be positive and finite",
                        () -> new RotaryTable(4, Double.POSITIVE_INFINITY, 9)),
                refused(
                        "rotary: the number of positions is -1, but must be at least 0",
                        () -> new RotaryTable(4, 1e4, -1)),
                refused(
                        "shape (1073741824, 4): has 4294967296 elements, but an array holds at most 2147483647",
                        () -> new RotaryTable(4, 1e4, 1 << 30)),
                refused(
                        "rotary: the number of heads is 3, but must be at least 1 and divide the 8 channels",
                        () -> new Rotary(tensor(2, 8), 3, table, 0, 1)),
                refused(
                        "rotary: the number of heads is 0, but must be at least 1 and divide the 8 channels",
                        () -> new Rotary(tensor(2, 8), 0, table, 0, 1)),
                refused(
                        "rotary: x is (2, 8) with heads of 8 channels, but the table is for heads of 4",
                        () -> new Rotary(tensor(2, 8), 1, table, 0, 1)),
                refused(
                        "rotary: x is (2, 8) but the number of positions is 1; each row needs one position",
                        () -> new Rotary(tensor(2, 8), 2, table, 0)),
                refused(
                        "rotary: positions[1] is -1, but must be at least 0",
                        () -> new Rotary(tensor(2, 8), 2, table, 0, -1)),
                refused("rotary: x is (8), but must have two dimensions", () -> new Rotary(tensor(8), 2, table, 0)));
    }

    static List<Arguments> losses() {
        return List.of(
                refused(
                        "crossEntropy: logits is (2, 3) but the number of targets is 1; each row needs one target",
                        () -> new CrossEntropy(tensor(2, 3), new int[] {1}, 1)),
                refused(
                        "crossEntropy: logits is (2, 3) but the number of targets is 0; each row needs one target",
                        () -> new CrossEntropy(tensor(2, 3), new int[0], 1)),
                refused(
                        "crossEntropy: logits is (3), but must have two dimensions",
                        () -> new CrossEntropy(tensor(3), new int[] {1}, 1)),
                refused(
                        "crossEntropy: targets[1] is 3, but must be from 0 to 2, because logits is (2, 3)",
                        () -> new CrossEntropy(tensor(2, 3), new int[] {2, 3}, 1)),
                refused(
                        "crossEntropy: targets[0] is -1, but must be from 0 to 2, because logits is (2, 3)",
                        () -> new CrossEntropy(tensor(2, 3), new int[] {-1, 0}, 1)),
                refused(
                        "crossEntropy: denominator is 0.0, but must be positive and finite",
                        () -> new CrossEntropy(tensor(2, 3), new int[] {2, 0}, 0)),
                refused(
                        "crossEntropy: denominator is NaN, but must be positive and finite",
                        () -> new CrossEntropy(tensor(2, 3), new int[] {2, 0}, Double.NaN)),
                refused(
                        "meanSquaredError: x is (2, 3) but target is (3, 2); the shapes must be equal",
                        () -> new MeanSquaredError(tensor(2, 3), tensor(3, 2))),
                refused(
                        "binaryCrossEntropyWithLogits: logits is (2, 1) but the number of targets is 1; each logit"
                                + " needs one target",
                        () -> new BinaryCrossEntropyWithLogits(tensor(2, 1), 1)),
                refused(
                        "binaryCrossEntropyWithLogits: targets[1] is -1.0, but must be from 0 to 1",
                        () -> new BinaryCrossEntropyWithLogits(tensor(2), 1, -1)),
                refused(
                        "binaryCrossEntropyWithLogits: targets[0] is NaN, but must be from 0 to 1",
                        () -> new BinaryCrossEntropyWithLogits(tensor(2), Double.NaN, 0)));
    }

    static List<Arguments> embeddings() {
        return List.of(
                refused(
                        "embedding: ids[2] is 5, but must be from 0 to 4, because table is (5, 2)",
                        () -> new Embedding(tensor(5, 2), 0, 4, 5)),
                refused(
                        "embedding: ids[0] is -1, but must be from 0 to 4, because table is (5, 2)",
                        () -> new Embedding(tensor(5, 2), -1)),
                refused("embedding: there are no ids; at least one is required", () -> new Embedding(tensor(5, 2))),
                refused("embedding: table is (5), but must have two dimensions", () -> new Embedding(tensor(5), 0)));
    }

    static List<Arguments> attention() {
        return List.of(
                refused(
                        "causalAttention: q is (4, 6) but k is (4, 8); with 2 heads of 3 channels, k must "
                                + "have 3 channels for"
                                + " each of its heads, whose number must divide 2",
                        () -> attention(tensor(4, 6), tensor(4, 8), tensor(4, 8), 2, lengths(4), lengths(4))),
                refused(
                        "causalAttention: k is (4, 6) but v is (5, 6); the shapes must be equal",
                        () -> attention(tensor(4, 6), tensor(4, 6), tensor(5, 6), 2, lengths(4), lengths(4))),
                refused(
                        "causalAttention: the number of heads is 4, but must be at least 1 and divide the 6 channels",
                        () -> attention(tensor(4, 6), tensor(4, 6), tensor(4, 6), 4, lengths(4), lengths(4))),
                refused(
                        "causalAttention: the number of heads is 0, but must be at least 1 and divide the 6 channels",
                        () -> attention(tensor(4, 6), tensor(4, 6), tensor(4, 6), 0, lengths(4), lengths(4))),
                refused(
                        "causalAttention: q is (4, 6) but its sequences have 5 rows in all; the numbers of rows must"
                                + " match",
                        () -> attention(tensor(4, 6), tensor(5, 6), tensor(5, 6), 2, lengths(2, 3), lengths(5))),
                refused(
                        "causalAttention: k is (5, 6) but its sequences have 4 rows in all; the numbers of rows must"
                                + " match",
                        () -> attention(tensor(4, 6), tensor(5, 6), tensor(5, 6), 2, lengths(4), lengths(4))),
                refused(
                        "causalAttention: the number of sequences is 2 in queries but 1 in keys; the two must be equal",
                        () -> attention(tensor(4, 6), tensor(4, 6), tensor(4, 6), 2, lengths(2, 2), lengths(4))),
                refused(
                        "causalAttention: sequence 1 has 3 queries but only 2 keys; every query needs a key at its"
                                + " own position",
                        () -> attention(tensor(4, 6), tensor(4, 6), tensor(4, 6), 2, lengths(1, 3), lengths(2, 2))),
                refused(
                        "causalAttention: q is (24), but must have two dimensions",
                        () -> attention(tensor(24), tensor(4, 6), tensor(4, 6), 2, lengths(4), lengths(4))));
    }

    @ParameterizedTest
    @MethodSource({
        "products",
        "dropout",
        "norms",
        "rotations",
        "losses",
        "embeddings",
        "attention",
        "dev.microgpt.autograd.op.ElementMessages#all",
        "dev.microgpt.autograd.op.ShapeMessages#moves",
        "dev.microgpt.autograd.op.ShapeMessages#joins"
    })
    void misfitIsRefusedWithItsReason(String message, Executable misuse) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, misuse).getMessage());
    }

    static Arguments refused(String message, Executable misuse) {
        return arguments(message, misuse);
    }

    private static void attention(Tensor q, Tensor k, Tensor v, int heads, Sequences queries, Sequences keys) {
        new CausalAttention(q, k, v, heads, queries, keys);
    }

    private static Sequences lengths(int... lengths) {
        return Sequences.ofLengths(lengths);
    }

    static Tensor tensor(int... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.constant(shape, new double[shape.size()]);
    }
}

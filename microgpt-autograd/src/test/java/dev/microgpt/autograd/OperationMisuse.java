package dev.microgpt.autograd;

import static dev.microgpt.autograd.ApiMisuseTest.LIMIT;
import static dev.microgpt.autograd.Misuse.absent;
import static dev.microgpt.autograd.Misuse.argument;

import dev.microgpt.autograd.ApiMisuseTest.Recording;
import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.autograd.op.DropoutMask;
import dev.microgpt.autograd.op.RotaryTable;
import java.util.List;

/** What {@link ApiMisuseTest} does wrong with operations, and where it gives null. */
final class OperationMisuse {
    private static final CounterRandom STREAM = new CounterRandom(1);

    private OperationMisuse() {}

    static List<Misuse<Recording>> operations() {
        return List.of(
                argument(
                        "product of (2, 3) and (4, 5)",
                        r -> r.tape.matmul(r.y, constant(4, 5)),
                        "matmul: a is (2, 3) but b is (4, 5)",
                        "(3 and 4)",
                        "inner dimensions must match"),
                argument(
                        "product of 2.8e9 elements",
                        r -> r.tape.matmul(constant(70_000, 1), constant(1, 40_000)),
                        "shape (70000, 40000)",
                        "2800000000",
                        LIMIT),
                argument(
                        "weight of another width",
                        r -> r.tape.linear(r.y, constant(4, 2)),
                        "linear",
                        "x is (2, 3) but weight is (4, 2)",
                        "must match (3 and 2)"),
                argument(
                        "bias of another width",
                        r -> r.tape.linear(r.y, constant(4, 3), constant(3)),
                        "linear",
                        "bias is (3)",
                        "must be (4)"),
                argument("id −1", r -> r.tape.embedding(r.y, 0, -1), "embedding: ids[1]", "-1", "from 0 to 1"),
                argument("id = size", r -> r.tape.embedding(r.y, 0, 1, 2), "embedding: ids[2]", "2", "is (2, 3)"),
                argument("no ids", r -> r.tape.embedding(r.y), "embedding", "no ids", "at least one"),
                argument("eps NaN", r -> r.tape.rmsNorm(r.y, Double.NaN), "rmsNorm: eps", "NaN", "positive"),
                argument(
                        "eps 0", r -> r.tape.layerNorm(r.y, constant(3), null, 0), "layerNorm: eps", "0.0", "positive"),
                argument(
                        "gain of another width",
                        r -> r.tape.layerNorm(r.y, constant(2), null, 1e-5),
                        "layerNorm: gain",
                        "(2)",
                        "(3)"),
                argument("eps −1", r -> r.tape.rmsNorm(r.y, constant(3), -1), "rmsNormGain: eps", "-1.0", "positive"),
                argument(
                        "gain as a matrix",
                        r -> r.tape.rmsNorm(r.y, constant(1, 3), 1e-5),
                        "rmsNormGain: gain",
                        "(1, 3)",
                        "must be (3)"),
                argument(
                        "no targets",
                        r -> r.tape.crossEntropy(r.y),
                        "crossEntropy",
                        "targets is 0",
                        "each row needs one"),
                argument(
                        "target −1",
                        r -> r.tape.crossEntropy(r.y, 0, -1),
                        "crossEntropy: targets[1]",
                        "-1",
                        "from 0 to 2"),
                argument(
                        "all targets left out, as −100 does elsewhere",
                        r -> r.tape.crossEntropy(r.y, -100, -100),
                        "crossEntropy: targets[0]",
                        "-100",
                        "from 0 to 2"),
                argument(
                        "target = columns",
                        r -> r.tape.crossEntropy(r.y, 3, 0),
                        "crossEntropy: targets[0]",
                        "3",
                        "from 0 to 2"),
                argument(
                        "targets of another shape",
                        r -> r.tape.meanSquaredError(r.y, constant(3, 2)),
                        "meanSquaredError: x is (2, 3)",
                        "target is (3, 2)",
                        "must be equal"),
                argument(
                        "one target for all",
                        r -> r.tape.binaryCrossEntropyWithLogits(r.y, 1),
                        "binaryCrossEntropyWithLogits: logits is (2, 3)",
                        "targets is 1",
                        "each logit needs one"),
                argument(
                        "target 2",
                        r -> r.tape.binaryCrossEntropyWithLogits(r.y, 0, 1, 0.5, 2, 0, 0),
                        "binaryCrossEntropyWithLogits: targets[3]",
                        "2.0",
                        "from 0 to 1"),
                argument(
                        "mean over nothing",
                        r -> r.tape.apply(new CrossEntropy(r.y, new int[] {0, 1}, 0)),
                        "crossEntropy: denominator",
                        "0.0",
                        "positive"),
                argument(
                        "heads that do not divide the channels",
                        r -> r.tape.causalAttention(r.y, r.y, r.y, 2, Sequences.ofLengths(2)),
                        "causalAttention: the number of heads",
                        "is 2",
                        "divide the 3 channels"),
                argument(
                        "sequences of other rows",
                        r -> r.tape.causalAttention(r.y, r.y, r.y, 3, Sequences.ofLengths(2, 1)),
                        "causalAttention",
                        "q is (2, 3)",
                        "3 rows"),
                argument("scores of 2.1e9 numbers", r -> manyScores(), "causalAttention", "2214592512", LIMIT),
                argument(
                        "masks for other sequences",
                        r -> r.tape.dropout(r.y, Sequences.ofLengths(2), new DropoutMask(0.5, STREAM, STREAM)),
                        "dropout: the number of random streams",
                        "is 2 but the number of sequences is 1",
                        "each sequence needs one stream"),
                argument(
                        "table of another width",
                        r -> r.tape.rotary(r.y, 1, new RotaryTable(2, 1e4, 9), 0, 1),
                        "rotary",
                        "x is (2, 3) with heads of 3",
                        "for heads of 2"),
                argument("rate 1", r -> new DropoutMask(1, STREAM), "dropout: the rate", "1.0", "below 1"));
    }

    static List<Misuse<Recording>> nulls() {
        return List.of(
                absent("dims", "shape of null", r -> Shape.of((int[]) null)),
                absent("lengths", "sequences of null", r -> Sequences.ofLengths((int[]) null)),
                absent("shape", "constant without a shape", r -> Tensor.constant(null, 1)),
                absent("data", "constant without numbers", r -> Tensor.constant(Shape.of(2), (double[]) null)),
                absent("name", "parameter without a name", r -> new Parameter(null, Shape.of(1), 1)),
                absent("data", "parameter without numbers", r -> new Parameter("w", Shape.of(2), (double[]) null)),
                absent("op", "no operation", r -> r.tape.apply(null)),
                absent("loss", "backward of null", r -> r.tape.backward(null)),
                absent("dy", "backward without a gradient", r -> r.tape.backward(r.y, (double[]) null)),
                absent("a", "matmul: a", r -> r.tape.matmul(null, r.y)),
                absent("b", "matmul: b", r -> r.tape.matmul(r.y, null)),
                absent("x", "linear: x", r -> r.tape.linear(null, r.y)),
                absent("weight", "linear: weight", r -> r.tape.linear(r.y, null)),
                absent("x", "rmsNorm", r -> r.tape.rmsNorm(null, 1e-5)),
                absent("x", "rmsNormGain: x", r -> r.tape.rmsNorm(null, r.y, 1e-5)),
                absent("gain", "rmsNormGain: gain", r -> r.tape.rmsNorm(r.y, null, 1e-5)),
                absent("x", "layerNorm: x", r -> r.tape.layerNorm(null, r.y, null, 1e-5)),
                absent("gain", "layerNorm: gain", r -> r.tape.layerNorm(r.y, null, null, 1e-5)),
                absent("x", "rotary: x", r -> r.tape.rotary(null, 1, new RotaryTable(2, 1e4, 9), 0)),
                absent("table", "rotary: table", r -> r.tape.rotary(r.y, 1, null, 0, 1)),
                absent(
                        "positions",
                        "rotary: positions",
                        r -> r.tape.rotary(constant(1, 2), 1, new RotaryTable(2, 1e4, 9), (int[]) null)),
                absent("x", "softmax", r -> r.tape.softmax(null)),
                absent("x", "logSoftmax", r -> r.tape.logSoftmax(null)),
                absent("x", "meanSquaredError: x", r -> r.tape.meanSquaredError(null, r.y)),
                absent("target", "meanSquaredError: target", r -> r.tape.meanSquaredError(r.y, null)),
                absent("logits", "binary: logits", r -> r.tape.binaryCrossEntropyWithLogits(null, 0)),
                absent("targets", "binary: targets", r -> r.tape.binaryCrossEntropyWithLogits(r.y, (double[]) null)),
                absent("table", "embedding: table", r -> r.tape.embedding(null, 0)),
                absent("ids", "embedding: ids", r -> r.tape.embedding(r.y, (int[]) null)),
                absent("logits", "crossEntropy: logits", r -> r.tape.crossEntropy(null, 0)),
                absent("targets", "crossEntropy: targets", r -> r.tape.crossEntropy(r.y, (int[]) null)),
                absent("q", "attention: q", r -> r.tape.causalAttention(null, r.y, r.y, 1, Sequences.ofLengths(2))),
                absent("v", "attention: v", r -> r.tape.causalAttention(r.y, r.y, null, 1, Sequences.ofLengths(2))),
                absent("sequences", "attention: sequences", r -> r.tape.causalAttention(r.y, r.y, r.y, 1, null)),
                absent("mask", "dropout: mask", r -> r.tape.dropout(r.y, Sequences.ofLengths(2), null)),
                absent("streams", "dropout: stream", r -> new DropoutMask(0.5, STREAM, null)));
    }

    static Tensor constant(int... dims) {
        Shape shape = Shape.of(dims);
        return Tensor.constant(shape, new double[shape.size()]);
    }

    /** So many heads of one channel that the probabilities, which are kept of short sequences, exceed an array. */
    private static void manyScores() {
        Tensor x = constant(1024, 8192);
        Sequences four = Sequences.ofLengths(256, 256, 256, 256);
        Tape.inference().apply(new CausalAttention(x, x, x, 8192, four, four));
    }
}

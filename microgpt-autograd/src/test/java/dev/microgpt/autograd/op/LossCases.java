package dev.microgpt.autograd.op;

import static dev.microgpt.autograd.op.OpCases.smooth;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.op.OpAliasingTest.Graph;
import dev.microgpt.autograd.op.OpCases.Form;
import java.util.Arrays;
import java.util.List;

/** The losses that are means, and the logarithm of softmax. Their predictions are wrong, so no slope is near zero. */
final class LossCases {
    static final List<Form> FORMS = List.of(
            new Form("logSoftmax", LogSoftmax.class, LossCases::logSoftmax),
            new Form("meanSquaredError", MeanSquaredError.class, LossCases::meanSquaredError),
            new Form("binaryCrossEntropyWithLogits", BinaryCrossEntropyWithLogits.class, LossCases::binary));

    private LossCases() {}

    private static OpCase logSoftmax(Sizes s) {
        OpCase made = smooth(in -> new LogSoftmax(in.get(0)), s.matrix("x"));
        return s.columns() == 1 ? made.allowingZeroGradients() : made; // the only probability is 1
    }

    private static OpCase meanSquaredError(Sizes s) {
        Parameter x = s.matrix("x");
        Parameter target = s.matrix("target");
        double[] t = target.data();
        Arrays.setAll(t, i -> x.data()[i] + Math.copySign(0.5, t[i]) + 0.2 * t[i]);
        return smooth(in -> new MeanSquaredError(in.get(0), in.get(1)), x, target)
                .allowingZeroGradients(); // not zero, but one of thousands of elements counts little
    }

    private static OpCase binary(Sizes s) {
        Parameter logits = s.matrix("logits");
        double[] targets = new double[logits.data().length];
        Arrays.setAll(
                targets,
                i -> (logits.data()[i] > 0 ? 0.0 : 0.9) + 0.1 * s.random().nextDouble());
        return smooth(in -> new BinaryCrossEntropyWithLogits(in.get(0), targets), logits)
                .allowingZeroGradients();
    }

    static List<Graph> graphs() {
        return List.of(
                new Graph("meanSquaredError(x, x·x)", 3, 5, (tape, x) -> tape.meanSquaredError(x, tape.multiply(x, x))),
                new Graph(
                        "logSoftmax(x) · softmax(x)",
                        3,
                        5,
                        (tape, x) -> tape.multiply(tape.logSoftmax(x), tape.softmax(x))));
    }
}

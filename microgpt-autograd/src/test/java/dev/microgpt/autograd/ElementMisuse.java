package dev.microgpt.autograd;

import static dev.microgpt.autograd.Misuse.absent;
import static dev.microgpt.autograd.Misuse.argument;
import static dev.microgpt.autograd.OperationMisuse.constant;

import dev.microgpt.autograd.ApiMisuseTest.Recording;
import java.util.List;

/** What {@link ApiMisuseTest} does wrong with operations of {@code op.element} and {@code op.reduce}. */
final class ElementMisuse {
    private ElementMisuse() {}

    static List<Misuse<Recording>> operations() {
        return List.of(
                argument(
                        "column of another height",
                        r -> r.tape.add(r.y, constant(3, 1)),
                        "add",
                        "b is (3, 1)",
                        "column (2, 1)"),
                argument("wrong factor", r -> r.tape.multiply(r.y, constant(2)), "multiply", "b is (2)", "row (3)"),
                argument("cap of −1", r -> r.tape.softCap(r.y, -1), "softCap: cap", "-1.0", "positive"),
                argument(
                        "limits exchanged",
                        r -> r.tape.clamp(r.y, 1, -1),
                        "clamp",
                        "min is 1.0 and max is -1.0",
                        "at most"),
                argument("exponent NaN", r -> r.tape.power(r.y, Double.NaN), "power: exponent", "NaN", "finite"),
                argument(
                        "rows of a vector",
                        r -> r.tape.sumOfEachRow(constant(2)),
                        "sumOfEachRow",
                        "(2)",
                        "two dimensions"));
    }

    static List<Misuse<Recording>> nulls() {
        return List.of(
                absent("a", "add: a", r -> r.tape.add(null, r.y)),
                absent("b", "add: b", r -> r.tape.add(r.y, null)),
                absent("b", "multiply: b", r -> r.tape.multiply(r.y, null)),
                absent("x", "scale", r -> r.tape.scale(null, 2)),
                absent("x", "relu", r -> r.tape.relu(null)),
                absent("x", "gelu", r -> r.tape.gelu(null)),
                absent("x", "geluTanh", r -> r.tape.geluTanh(null)),
                absent("x", "silu", r -> r.tape.silu(null)),
                absent("x", "reluSquared", r -> r.tape.reluSquared(null)),
                absent("x", "sigmoid", r -> r.tape.sigmoid(null)),
                absent("x", "tanh", r -> r.tape.tanh(null)),
                absent("x", "softplus", r -> r.tape.softplus(null)),
                absent("x", "exp", r -> r.tape.exp(null)),
                absent("x", "log", r -> r.tape.log(null)),
                absent("x", "squareRoot", r -> r.tape.squareRoot(null)),
                absent("x", "absolute", r -> r.tape.absolute(null)),
                absent("x", "negate", r -> r.tape.negate(null)),
                absent("x", "softCap", r -> r.tape.softCap(null, 2)),
                absent("x", "power", r -> r.tape.power(null, 2)),
                absent("x", "clamp", r -> r.tape.clamp(null, 0, 1)),
                absent("a", "subtract: a", r -> r.tape.subtract(null, r.y)),
                absent("b", "subtract: b", r -> r.tape.subtract(r.y, null)),
                absent("a", "divide: a", r -> r.tape.divide(null, r.y)),
                absent("b", "divide: b", r -> r.tape.divide(r.y, null)),
                absent("a", "minimum: a", r -> r.tape.minimum(null, r.y)),
                absent("b", "minimum: b", r -> r.tape.minimum(r.y, null)),
                absent("a", "maximum: a", r -> r.tape.maximum(null, r.y)),
                absent("b", "maximum: b", r -> r.tape.maximum(r.y, null)),
                absent("x", "max", r -> r.tape.max(null)),
                absent("x", "sumOfEachRow", r -> r.tape.sumOfEachRow(null)),
                absent("x", "sumOfEachColumn", r -> r.tape.sumOfEachColumn(null)),
                absent("x", "meanOfEachRow", r -> r.tape.meanOfEachRow(null)),
                absent("x", "meanOfEachColumn", r -> r.tape.meanOfEachColumn(null)),
                absent("x", "maxOfEachRow", r -> r.tape.maxOfEachRow(null)),
                absent("x", "maxOfEachColumn", r -> r.tape.maxOfEachColumn(null)),
                absent("x", "sum", r -> r.tape.sum(null)),
                absent("x", "mean", r -> r.tape.mean(null)));
    }
}

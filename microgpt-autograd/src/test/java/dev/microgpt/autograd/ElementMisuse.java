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
                argument("column added", r -> r.tape.add(r.y, constant(2, 1)), "add", "b is (2, 1)", "row (3)"),
                argument("wrong factor", r -> r.tape.multiply(r.y, constant(2)), "multiply", "b is (2)", "row (3)"));
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
                absent("x", "sum", r -> r.tape.sum(null)),
                absent("x", "mean", r -> r.tape.mean(null)));
    }
}

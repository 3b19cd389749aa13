package dev.microgpt.autograd.op;

import static dev.microgpt.autograd.op.OpMessageTest.refused;
import static dev.microgpt.autograd.op.OpMessageTest.tensor;

import dev.microgpt.autograd.op.element.Add;
import dev.microgpt.autograd.op.element.Clamp;
import dev.microgpt.autograd.op.element.Divide;
import dev.microgpt.autograd.op.element.Multiply;
import dev.microgpt.autograd.op.element.Power;
import dev.microgpt.autograd.op.element.SoftCap;
import dev.microgpt.autograd.op.reduce.MaxOfEachColumn;
import dev.microgpt.autograd.op.reduce.SumOfEachRow;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** What the operations of {@code op.element} and {@code op.reduce} reject, for {@link OpMessageTest}. */
final class ElementMessages {
    private ElementMessages() {}

    static List<Arguments> all() {
        return List.of(
                refused(
                        "add: a is (2, 3) but b is (3, 2); b must have the same shape, or be one row (3) or "
                                + "one column (2, 1)",
                        () -> new Add(tensor(2, 3), tensor(3, 2))),
                refused(
                        "add: a is (3) but b is (2, 3); b must have the same shape, or be one row (3) or one "
                                + "column (1, 1)",
                        () -> new Add(tensor(3), tensor(2, 3))),
                refused(
                        "add: a is (2, 3) but b is (1, 3); b must have the same shape, or be one row (3) or "
                                + "one column (2, 1)",
                        () -> new Add(tensor(2, 3), tensor(1, 3))),
                refused(
                        "multiply: a is (2, 3) but b is (2); b must have the same shape, or be one row (3) or "
                                + "one column (2, 1)",
                        () -> new Multiply(tensor(2, 3), tensor(2))),
                refused(
                        "divide: a is (2, 1) but b is (2, 3); b must have the same shape, or be one row (1) "
                                + "or one column (2, 1)",
                        () -> new Divide(tensor(2, 1), tensor(2, 3))),
                refused("softCap: cap is 0.0, but must be positive and finite", () -> new SoftCap(tensor(2, 3), 0)),
                refused(
                        "softCap: cap is Infinity, but must be positive and finite",
                        () -> new SoftCap(tensor(2, 3), Double.POSITIVE_INFINITY)),
                refused("power: exponent is NaN, but must be finite", () -> new Power(tensor(2, 3), Double.NaN)),
                refused(
                        "power: exponent is -Infinity, but must be finite",
                        () -> new Power(tensor(2, 3), Double.NEGATIVE_INFINITY)),
                refused(
                        "clamp: min is 1.0 and max is 0.5, but min must be at most max",
                        () -> new Clamp(tensor(2, 3), 1, 0.5)),
                refused(
                        "clamp: min is NaN and max is 0.5, but min must be at most max",
                        () -> new Clamp(tensor(2, 3), Double.NaN, 0.5)),
                refused("sumOfEachRow: x is (6), but must have two dimensions", () -> new SumOfEachRow(tensor(6))),
                refused(
                        "maxOfEachColumn: x is (2, 3, 4), but must have two dimensions",
                        () -> new MaxOfEachColumn(tensor(2, 3, 4))));
    }
}

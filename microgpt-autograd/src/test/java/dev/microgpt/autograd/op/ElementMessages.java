package dev.microgpt.autograd.op;

import static dev.microgpt.autograd.op.OpMessageTest.refused;
import static dev.microgpt.autograd.op.OpMessageTest.tensor;

import dev.microgpt.autograd.op.element.Add;
import dev.microgpt.autograd.op.element.Multiply;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** What the operations of {@code op.element} reject, for {@link OpMessageTest}. */
final class ElementMessages {
    private ElementMessages() {}

    static List<Arguments> all() {
        return List.of(
                refused(
                        "add: a is (2, 3) but b is (3, 2); b must have the same shape or be one row (3)",
                        () -> new Add(tensor(2, 3), tensor(3, 2))),
                refused(
                        "add: a is (3) but b is (2, 3); b must have the same shape or be one row (3)",
                        () -> new Add(tensor(3), tensor(2, 3))),
                refused(
                        "add: a is (2, 3) but b is (1, 3); b must have the same shape or be one row (3)",
                        () -> new Add(tensor(2, 3), tensor(1, 3))),
                refused(
                        "multiply: a is (2, 3) but b is (2); b must have the same shape or be one row (3)",
                        () -> new Multiply(tensor(2, 3), tensor(2))));
    }
}

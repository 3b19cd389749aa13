package dev.microgpt.autograd.op;

import static dev.microgpt.autograd.op.OpMessageTest.refused;
import static dev.microgpt.autograd.op.OpMessageTest.tensor;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.op.shape.ConcatenateColumns;
import dev.microgpt.autograd.op.shape.ConcatenateRows;
import dev.microgpt.autograd.op.shape.Gather;
import dev.microgpt.autograd.op.shape.Reshape;
import dev.microgpt.autograd.op.shape.SliceColumns;
import dev.microgpt.autograd.op.shape.SliceRows;
import dev.microgpt.autograd.op.shape.Stack;
import dev.microgpt.autograd.op.shape.Transpose;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** What the operations of {@code op.shape} reject, for {@link OpMessageTest}. */
final class ShapeMessages {
    private ShapeMessages() {}

    static List<Arguments> moves() {
        return List.of(
                refused(
                        "reshape: x is (2, 3) but the new shape is (4, 2); the numbers of elements must be equal (6"
                                + " and 8)",
                        () -> new Reshape(tensor(2, 3), Shape.of(4, 2))),
                refused("transpose: x is (3), but must have two dimensions", () -> new Transpose(tensor(3))),
                refused("sliceRows: x is (3), but must have two dimensions", () -> new SliceRows(tensor(3), 0, 1)),
                refused(
                        "sliceRows: the range is from 1 to below 3, but must be some of 0 to below 2, because x is"
                                + " (2, 3)",
                        () -> new SliceRows(tensor(2, 3), 1, 3)),
                refused(
                        "sliceRows: the range is from 1 to below 1, but must be some of 0 to below 2, because x is"
                                + " (2, 3)",
                        () -> new SliceRows(tensor(2, 3), 1, 1)),
                refused(
                        "sliceColumns: the range is from -1 to below 2, but must be some of 0 to below 3, because x is"
                                + " (2, 3)",
                        () -> new SliceColumns(tensor(2, 3), -1, 2)),
                refused(
                        "sliceColumns: the range is from 2 to below 1, but must be some of 0 to below 3, because x is"
                                + " (2, 3)",
                        () -> new SliceColumns(tensor(2, 3), 2, 1)),
                refused(
                        "gather: x is (2, 3) but the number of indices is 3; each row needs the same number, at least"
                                + " one",
                        () -> new Gather(tensor(2, 3), 0, 1, 2)),
                refused(
                        "gather: x is (2, 3) but the number of indices is 0; each row needs the same number, at least"
                                + " one",
                        () -> new Gather(tensor(2, 3))),
                refused(
                        "gather: indices[3] is 3, but must be from 0 to 2, because x is (2, 3)",
                        () -> new Gather(tensor(2, 3), 0, 2, 1, 3)));
    }

    static List<Arguments> joins() {
        return List.of(
                refused("concatenateRows: there are no parts; at least one is required", () -> new ConcatenateRows()),
                refused(
                        "concatenateRows: parts[1] is (3), but must have two dimensions",
                        () -> new ConcatenateRows(tensor(2, 3), tensor(3))),
                refused(
                        "concatenateRows: parts[0] is (2, 3) but parts[2] is (2, 4); the numbers of columns must be"
                                + " equal",
                        () -> new ConcatenateRows(tensor(2, 3), tensor(1, 3), tensor(2, 4))),
                refused(
                        "concatenateColumns: there are no parts; at least one is required",
                        () -> new ConcatenateColumns()),
                refused(
                        "concatenateColumns: parts[0] is (), but must have two dimensions",
                        () -> new ConcatenateColumns(tensor())),
                refused(
                        "concatenateColumns: parts[0] is (2, 3) but parts[1] is (3, 3); the numbers of rows must be"
                                + " equal",
                        () -> new ConcatenateColumns(tensor(2, 3), tensor(3, 3))),
                refused("stack: there are no parts; at least one is required", () -> new Stack()),
                refused(
                        "stack: parts[0] is (2, 3) but parts[1] is (3, 2); the shapes must be equal",
                        () -> new Stack(tensor(2, 3), tensor(3, 2))));
    }
}

package dev.microgpt.autograd;

import static dev.microgpt.autograd.ApiMisuseTest.LIMIT;
import static dev.microgpt.autograd.Misuse.absent;
import static dev.microgpt.autograd.Misuse.argument;
import static dev.microgpt.autograd.OperationMisuse.constant;

import dev.microgpt.autograd.ApiMisuseTest.Recording;
import java.util.Arrays;
import java.util.List;

/** What {@link ApiMisuseTest} does wrong with operations of {@code op.shape}. */
final class ShapeMisuse {
    private ShapeMisuse() {}

    static List<Misuse<Recording>> operations() {
        return List.of(
                argument(
                        "reshape to 8 elements",
                        r -> r.tape.reshape(r.y, 2, 4),
                        "reshape: x is (2, 3)",
                        "(2, 4)",
                        "must be equal (6 and 8)"),
                argument(
                        "a dimension to be worked out, as −1 is elsewhere",
                        r -> r.tape.reshape(r.y, 3, -1),
                        "shape (3, -1)",
                        "-1",
                        "at least 1"),
                argument(
                        "transpose of a vector",
                        r -> r.tape.transpose(constant(3)),
                        "transpose: x",
                        "(3)",
                        "two dimensions"),
                argument(
                        "row beyond the last", r -> r.tape.sliceRows(r.y, 1, 3), "sliceRows", "1 to below 3", "(2, 3)"),
                argument("no rows", r -> r.tape.sliceRows(r.y, 1, 1), "sliceRows", "1 to below 1", "0 to below 2"),
                argument(
                        "column −1, the last elsewhere",
                        r -> r.tape.sliceColumns(r.y, 0, -1),
                        "sliceColumns",
                        "0 to below -1",
                        "0 to below 3"),
                argument("rows of nothing", r -> r.tape.concatenateRows(), "concatenateRows", "no parts", "least one"),
                argument(
                        "rows of other widths",
                        r -> r.tape.concatenateRows(r.y, constant(2, 4)),
                        "concatenateRows",
                        "parts[1] is (2, 4)",
                        "columns must be equal"),
                argument("2.2e9 rows", r -> r.tape.concatenateRows(many()), "concatenateRows", "2200000000", LIMIT),
                argument(
                        "columns of other heights",
                        r -> r.tape.concatenateColumns(r.y, constant(3, 3)),
                        "concatenateColumns",
                        "parts[1] is (3, 3)",
                        "rows must be equal"),
                argument("stack of nothing", r -> r.tape.stack(), "stack", "no parts", "at least one"),
                argument(
                        "stack of two shapes",
                        r -> r.tape.stack(r.y, constant(6)),
                        "stack",
                        "parts[1] is (6)",
                        "shapes must be equal"),
                argument("index −1", r -> r.tape.gather(r.y, 0, -1), "gather: indices[1]", "-1", "from 0 to 2"),
                argument("index too few", r -> r.tape.gather(r.y, 0), "gather", "indices is 1", "each row needs"));
    }

    static List<Misuse<Recording>> nulls() {
        return List.of(
                absent("x", "reshape: x", r -> r.tape.reshape(null, 6)),
                absent("dims", "reshape: dims", r -> r.tape.reshape(r.y, (int[]) null)),
                absent("x", "transpose", r -> r.tape.transpose(null)),
                absent("x", "sliceRows", r -> r.tape.sliceRows(null, 0, 1)),
                absent("x", "sliceColumns", r -> r.tape.sliceColumns(null, 0, 1)),
                absent("parts", "concatenateRows: parts", r -> r.tape.concatenateRows((Tensor[]) null)),
                absent("parts", "concatenateRows: a part", r -> r.tape.concatenateRows(r.y, null)),
                absent("parts", "concatenateColumns: parts", r -> r.tape.concatenateColumns((Tensor[]) null)),
                absent("parts", "concatenateColumns: a part", r -> r.tape.concatenateColumns(r.y, null)),
                absent("parts", "stack: parts", r -> r.tape.stack((Tensor[]) null)),
                absent("parts", "stack: a part", r -> r.tape.stack(null, r.y)),
                absent("x", "gather: x", r -> r.tape.gather(null, 0)),
                absent("indices", "gather: indices", r -> r.tape.gather(r.y, (int[]) null)));
    }

    private static Tensor[] many() {
        Tensor[] parts = new Tensor[22_000];
        Arrays.fill(parts, constant(100_000, 1));
        return parts;
    }
}

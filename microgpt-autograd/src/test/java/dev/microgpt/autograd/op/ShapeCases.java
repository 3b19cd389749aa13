package dev.microgpt.autograd.op;

import static dev.microgpt.autograd.op.OpCases.smooth;

import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.op.OpAliasingTest.Graph;
import dev.microgpt.autograd.op.OpCases.Form;
import dev.microgpt.autograd.op.shape.ConcatenateColumns;
import dev.microgpt.autograd.op.shape.ConcatenateRows;
import dev.microgpt.autograd.op.shape.Gather;
import dev.microgpt.autograd.op.shape.Reshape;
import dev.microgpt.autograd.op.shape.SliceColumns;
import dev.microgpt.autograd.op.shape.SliceRows;
import dev.microgpt.autograd.op.shape.Stack;
import dev.microgpt.autograd.op.shape.Transpose;
import java.util.List;

/** The operations of {@code op.shape}. */
final class ShapeCases {
    static final List<Form> FORMS = List.of(
            new Form(
                    "reshape",
                    Reshape.class,
                    s -> smooth(in -> new Reshape(in.get(0), Shape.of(s.columns(), 1, s.rows())), s.matrix("x"))),
            new Form("transpose", Transpose.class, s -> smooth(in -> new Transpose(in.get(0)), s.matrix("x"))),
            new Form(
                    "sliceRows",
                    SliceRows.class,
                    s -> smooth(in -> new SliceRows(in.get(0), s.rows() / 3, end(s.rows())), s.matrix("x"))),
            new Form(
                    "sliceColumns",
                    SliceColumns.class,
                    s -> smooth(in -> new SliceColumns(in.get(0), s.columns() / 3, end(s.columns())), s.matrix("x"))),
            new Form(
                    "concatenateRows",
                    ConcatenateRows.class,
                    s -> smooth(
                            in -> new ConcatenateRows(in.get(0), in.get(1)),
                            s.matrix("a"),
                            s.normal("b", s.third(), s.columns()))),
            new Form(
                    "concatenateColumns",
                    ConcatenateColumns.class,
                    s -> smooth(
                            in -> new ConcatenateColumns(in.get(0), in.get(1)),
                            s.matrix("a"),
                            s.normal("b", s.rows(), s.third()))),
            new Form(
                    "stack",
                    Stack.class,
                    s -> smooth(in -> new Stack(in.get(0), in.get(1)), s.matrix("a"), s.matrix("b"))),
            new Form("gather", Gather.class, ShapeCases::gather));

    private ShapeCases() {}

    /** Leaves out about a quarter at the end. */
    private static int end(int size) {
        return size - size / 4;
    }

    private static OpCase gather(Sizes s) {
        int[] indices = s.indices(s.rows() * s.third(), s.columns());
        return smooth(in -> new Gather(in.get(0), indices), s.matrix("x"));
    }

    static List<Graph> graphs() {
        return List.of(
                new Graph("concatenateRows(x, x)", 3, 5, (tape, x) -> tape.concatenateRows(x, x)),
                new Graph("concatenateColumns(x, x, x)", 3, 5, (tape, x) -> tape.concatenateColumns(x, x, x)),
                new Graph("stack(x, x)", 3, 5, (tape, x) -> tape.stack(x, x)),
                new Graph("x·xᵀ", 3, 5, (tape, x) -> tape.matmul(x, tape.transpose(x))),
                new Graph(
                        "overlapping rows",
                        5,
                        3,
                        (tape, x) -> tape.multiply(tape.sliceRows(x, 0, 3), tape.sliceRows(x, 1, 4))),
                new Graph(
                        "overlapping columns",
                        3,
                        5,
                        (tape, x) -> tape.multiply(tape.sliceColumns(x, 0, 3), tape.sliceColumns(x, 1, 4))),
                new Graph("gather of repeated columns", 2, 3, (tape, x) -> tape.gather(x, 1, 1, 0, 1, 2, 0, 2, 2)),
                new Graph("x · reshape(x)", 4, 5, (tape, x) -> tape.matmul(x, tape.reshape(x, 5, 4))));
    }
}

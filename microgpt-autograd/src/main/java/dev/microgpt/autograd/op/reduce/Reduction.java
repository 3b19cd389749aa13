package dev.microgpt.autograd.op.reduce;

import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Base class for functions that make one number of each row, or of each column, of a matrix; these rows or columns are
 * shared among threads.
 */
abstract class Reduction extends RowOp {
    final Tensor x;
    private final Shape shape;

    /** Reduces each row to one number, shape {@code (T, 1)}, or each column, shape {@code (C)}. */
    Reduction(Tensor x, boolean rows) {
        this.x = x;
        Checks.matrix(this, "x", x);
        this.shape = rows ? Shape.of(x.shape().rows(), 1) : Shape.of(x.shape().columns());
    }

    @Override
    public final List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public final Shape shape() {
        return shape;
    }

    @Override
    protected final int items() {
        return shape.size();
    }

    @Override
    protected final long work() {
        return x.shape().size();
    }
}

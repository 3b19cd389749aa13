package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.Arrays;
import java.util.List;

/**
 * Base class for functions of two elements: {@code y[t, c] = f(a[t, c], b[t, c])}, where {@code b} may also be one row
 * {@code b[c]} or one column {@code b[t]}.
 *
 * <p>A subclass computes a range of elements, for which element {@code i} of {@code a} meets element {@code i − shift}
 * of {@code b}.
 */
abstract class PairOp extends RowOp {
    private final Tensor a;
    private final Tensor b;
    private final boolean whole;
    private final boolean column;
    private double[] repeated = {};
    private double[] dRepeated = {};

    PairOp(Tensor a, Tensor b) {
        this.a = Checks.notNull(this, "a", a);
        this.b = Checks.notNull(this, "b", b);
        Shape shape = a.shape();
        this.whole = b.shape().equals(shape);
        this.column = !whole && b.shape().equals(Shape.of(shape.rows(), 1));
        if (!whole && !column && !b.shape().equals(Shape.of(shape.columns()))) {
            throw new IllegalArgumentException(name() + ": a is " + shape + " but b is " + b.shape()
                    + "; b must have the same shape, or be one row (" + shape.columns() + ") or one column ("
                    + shape.rows() + ", 1)");
        }
    }

    /** Computes {@code y} from {@code a} and {@code b}. */
    abstract void forward(double[] a, double[] b, double[] y, int from, int to, int shift);

    /** Adds to the gradient of {@code a}. */
    abstract void addToA(double[] a, double[] b, double[] y, double[] dy, double[] da, int from, int to, int shift);

    /** Adds to the gradient of {@code b}. */
    abstract void addToB(double[] a, double[] b, double[] y, double[] dy, double[] db, int from, int to, int shift);

    @Override
    public final List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public final Shape shape() {
        return a.shape();
    }

    @Override
    protected final int items() {
        return whole ? shape().size() : shape().rows(); // elements or rows
    }

    @Override
    protected final void reserve(Tape tape) {
        if (column) {
            repeated = tape.buffer(tape.kernels().threads() * shape().columns());
        }
    }

    @Override
    protected final void reserveForBackward(Tape tape) {
        if (column && b.hasGrad()) {
            dRepeated = tape.buffer(tape.kernels().threads() * shape().columns());
        }
    }

    @Override
    protected final void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        if (whole) {
            forward(a.data(), b.data(), y.data(), from, to, 0);
            return;
        }
        int columns = shape().columns();
        for (int row = from * columns; row < to * columns; row += columns) {
            if (column) {
                repeat(row, part);
                forward(a.data(), repeated, y.data(), row, row + columns, row - part * columns);
            } else {
                forward(a.data(), b.data(), y.data(), row, row + columns, row);
            }
        }
    }

    /** Fills the row of a part with the one element of {@code b} that all elements of a row of {@code a} meet. */
    private void repeat(int row, int part) {
        int columns = shape().columns();
        Arrays.fill(repeated, part * columns, (part + 1) * columns, b.data()[row / columns]);
    }

    @Override
    protected final void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int width = whole ? 1 : shape().columns();
        if (column) {
            for (int row = from * width; row < to * width; row += width) {
                backwardOfColumn(kernels, y, part, row);
            }
        } else if (whole) {
            if (a.hasGrad()) {
                addToA(a.data(), b.data(), y.data(), y.grad(), a.grad(), from, to, 0);
            }
            if (b.hasGrad()) {
                addToB(a.data(), b.data(), y.data(), y.grad(), b.grad(), from, to, 0);
            }
        } else if (a.hasGrad()) {
            for (int row = from * width; row < to * width; row += width) {
                addToA(a.data(), b.data(), y.data(), y.grad(), a.grad(), row, row + width, row);
            }
        }
    }

    private void backwardOfColumn(Kernels kernels, Tensor y, int part, int row) {
        int columns = shape().columns();
        int first = part * columns;
        repeat(row, part);
        if (a.hasGrad()) {
            addToA(a.data(), repeated, y.data(), y.grad(), a.grad(), row, row + columns, row - first);
        }
        if (b.hasGrad()) {
            Arrays.fill(dRepeated, first, first + columns, 0.0);
            addToB(a.data(), repeated, y.data(), y.grad(), dRepeated, row, row + columns, row - first);
            b.grad()[row / columns] += kernels.sum(dRepeated, first, columns);
        }
    }

    @Override
    public final void backward(Tape tape, Tensor y) {
        super.backward(tape, y);
        if (b.hasGrad() && !whole && !column) { // on one thread because all rows add to it
            int columns = shape().columns();
            for (int row = 0; row < shape().size(); row += columns) {
                addToB(a.data(), b.data(), y.data(), y.grad(), b.grad(), row, row + columns, row);
            }
        }
    }
}

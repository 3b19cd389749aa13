package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.Accumulate;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Adds two tensors elementwise, or a row to every row: {@code y = a + b}.
 *
 * <p>Gradients: {@code da = dy}; {@code db = dy}, or {@code db = Σₜ dy[t]} if {@code b} is a row.
 */
public final class Add extends RowOp {
    private final Tensor a;
    private final Tensor b;

    /**
     * Creates the operation.
     *
     * @param a first summand, any shape with rows of {@code C} elements
     * @param b second summand, with the shape of {@code a}, or {@code (C)} to be added to each row of {@code a}
     * @throws IllegalArgumentException if {@code b} has another shape
     */
    public Add(Tensor a, Tensor b) {
        this.a = Checks.notNull(this, "a", a);
        this.b = Checks.notNull(this, "b", b);
        Checks.sameShapeOrRow(this, a, b);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public Shape shape() {
        return a.shape();
    }

    @Override
    protected int items() {
        return isRow() ? shape().rows() : shape().size(); // rows or elements
    }

    private boolean isRow() {
        return b.shape().size() < a.shape().size();
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        double[] first = a.data();
        double[] second = b.data();
        double[] sum = y.data();
        if (isRow()) {
            int columns = shape().columns();
            for (int row = from * columns; row < to * columns; row += columns) {
                for (int c = 0; c < columns; c++) {
                    sum[row + c] = first[row + c] + second[c];
                }
            }
            return;
        }
        for (int i = from; i < to; i++) {
            sum[i] = first[i] + second[i];
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int width = isRow() ? shape().columns() : 1;
        // y = a + b   ⇒   da = dy,  db = dy
        if (a.hasGrad()) {
            Accumulate.elements(y.grad(), a.grad(), from * width, to * width);
        }
        if (b.hasGrad() && !isRow()) {
            Accumulate.elements(y.grad(), b.grad(), from, to);
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        super.backward(tape, y);
        // y[t] = a[t] + b   ⇒   db = Σₜ dy[t], on one thread because all rows add to it
        if (b.hasGrad() && isRow()) {
            Accumulate.rows(y.grad(), shape().rows(), shape().columns(), b.grad());
        }
    }
}

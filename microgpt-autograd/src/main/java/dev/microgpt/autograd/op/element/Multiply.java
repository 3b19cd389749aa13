package dev.microgpt.autograd.op.element;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Multiplies two tensors elementwise, or every row by a row: {@code y = a · b}.
 *
 * <p>Gradients: {@code da = dy · b}; {@code db = dy · a}, or {@code db = Σₜ dy[t] · a[t]} if {@code b} is a row.
 */
public final class Multiply implements Op {
    private final Tensor a;
    private final Tensor b;

    /**
     * Creates the operation.
     *
     * @param a first factor, any shape with rows of {@code C} elements
     * @param b second factor, with the shape of {@code a}, or {@code (C)} to be multiplied with each row of {@code a}
     * @throws IllegalArgumentException if {@code b} has another shape
     */
    public Multiply(Tensor a, Tensor b) {
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
    public void forward(Tape tape, Tensor y) {
        double[] first = a.data();
        double[] second = b.data();
        double[] product = y.data();
        int columns = b.shape().size(); // the whole tensor, or one row
        for (int row = 0; row < y.shape().size(); row += columns) {
            for (int c = 0; c < columns; c++) {
                product[row + c] = first[row + c] * second[c];
            }
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        double[] dy = y.grad();
        int columns = b.shape().size();
        // y = a · b   ⇒   da = dy · b,  db = dy · a, summed over the rows if b is one
        for (int row = 0; row < y.shape().size(); row += columns) {
            if (a.hasGrad()) {
                addProducts(dy, row, b.data(), 0, a.grad(), row, columns);
            }
            if (b.hasGrad()) {
                addProducts(dy, row, a.data(), row, b.grad(), 0, columns);
            }
        }
    }

    private static void addProducts(double[] dy, int dy0, double[] factor, int factor0, double[] dx, int dx0, int n) {
        for (int i = 0; i < n; i++) {
            dx[dx0 + i] = Math.fma(dy[dy0 + i], factor[factor0 + i], dx[dx0 + i]);
        }
    }
}

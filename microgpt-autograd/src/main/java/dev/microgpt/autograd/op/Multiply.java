package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Multiplies element by element, or each row by one row: {@code y = a · b}.
 *
 * <p>{@code da = dy · b}, {@code db = dy · a}, or {@code db = Σₜ dy[t] · a[t]} where {@code b} is a row.
 */
public final class Multiply implements Op {
    private final Tensor a;
    private final Tensor b;

    /**
     * Prepares the product.
     *
     * @param a first factor
     * @param b second factor, of the shape of {@code a} or, to be multiplied with each of its rows, {@code (C)}
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public Multiply(Tensor a, Tensor b) {
        this.a = Checks.given(this, "a", a);
        this.b = Checks.given(this, "b", b);
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
        int columns = b.shape().size(); // all of it, or one row
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
        // y = a · b   ⇒   da = dy · b,  db = dy · a, summed over the rows that b was multiplied with
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

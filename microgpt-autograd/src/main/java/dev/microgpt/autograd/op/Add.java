package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Adds element by element, or one row to every row: {@code y = a + b}.
 *
 * <p>{@code da = dy}, {@code db = dy}, or {@code db = Σₜ dy[t]} where {@code b} is a row.
 */
public final class Add implements Op {
    private final Tensor a;
    private final Tensor b;

    /**
     * Prepares the sum.
     *
     * @param a first summand
     * @param b second summand, of the shape of {@code a} or, to be added to each of its rows, {@code (C)}
     * @throws IllegalArgumentException if the shapes do not fit
     */
    public Add(Tensor a, Tensor b) {
        this.a = Checks.given(this, "a", a);
        this.b = Checks.given(this, "b", b);
        if (!a.shape().equals(b.shape()) && !Checks.isRow(b, a.shape())) {
            throw new IllegalArgumentException("add: a is " + a.shape() + " but b is " + b.shape()
                    + "; b must have the same shape or be one row (" + a.shape().columns() + ")");
        }
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
        int columns = b.shape().size(); // all of it, or one row
        if (columns == y.shape().size()) {
            tape.kernels().parallel(columns, columns, new Kernels.Range() {
                @Override
                public void run(int part, int from, int to) {
                    add(a.data(), b.data(), y.data(), from, to);
                }
            });
            return;
        }
        double[] sum = y.data();
        double[] row = b.data();
        System.arraycopy(a.data(), 0, sum, 0, y.shape().size());
        for (int from = 0; from < y.shape().size(); from += columns) {
            for (int c = 0; c < columns; c++) {
                sum[from + c] += row[c];
            }
        }
    }

    private static void add(double[] a, double[] b, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = a[i] + b[i];
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        // y = a + b   ⇒   da = dy,  db = dy, summed over the rows that b was added to
        int size = y.shape().size();
        if (a.hasGrad()) {
            Rows.addAll(tape.kernels(), y.grad(), size, a.grad());
        }
        if (b.hasGrad() && b.shape().size() == size) {
            Rows.addAll(tape.kernels(), y.grad(), size, b.grad());
        } else if (b.hasGrad()) {
            int columns = b.shape().size();
            Rows.addEach(y.grad(), size / columns, columns, b.grad());
        }
    }
}

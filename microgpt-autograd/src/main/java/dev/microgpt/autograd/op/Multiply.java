package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Multiplies element by element: {@code y = a · b}.
 *
 * <p>{@code da = dy · b}, {@code db = dy · a}.
 */
public final class Multiply implements Op {
    private final Tensor a;
    private final Tensor b;

    /**
     * Prepares the product.
     *
     * @param a first factor
     * @param b second factor, of the same shape
     * @throws IllegalArgumentException if the shapes differ
     */
    public Multiply(Tensor a, Tensor b) {
        this.a = a;
        this.b = b;
        Checks.sameShape(this, "a", a, "b", b);
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
        int size = y.shape().size();
        for (int i = 0; i < size; i++) {
            product[i] = first[i] * second[i];
        }
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        // y = a · b   ⇒   da = dy · b,  db = dy · a
        if (a.hasGrad()) {
            addProduct(y.grad(), b.data(), a.grad(), y.shape().size());
        }
        if (b.hasGrad()) {
            addProduct(y.grad(), a.data(), b.grad(), y.shape().size());
        }
    }

    private static void addProduct(double[] dy, double[] factor, double[] dx, int size) {
        for (int i = 0; i < size; i++) {
            dx[i] = Math.fma(dy[i], factor[i], dx[i]);
        }
    }
}

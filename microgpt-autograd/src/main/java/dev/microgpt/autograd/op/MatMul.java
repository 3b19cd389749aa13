package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Multiplies two matrices: {@code y = a·b}.
 *
 * <p>Gradients: {@code da = dy·bᵀ}, {@code db = aᵀ·dy}. For weights, {@link Linear} is the usual choice, which stores
 * them transposed.
 */
public final class MatMul implements Op {
    private final Tensor a;
    private final Tensor b;

    /**
     * Creates the operation.
     *
     * @param a left factor, shape {@code (M, K)}
     * @param b right factor, shape {@code (K, N)}
     * @throws IllegalArgumentException if one of them is not a matrix or the inner dimensions differ
     */
    public MatMul(Tensor a, Tensor b) {
        this.a = a;
        this.b = b;
        Checks.matrix(this, "a", a);
        Checks.matrix(this, "b", b);
        if (a.shape().columns() != b.shape().rows()) {
            throw new IllegalArgumentException(
                    "matmul: a is " + a.shape() + " but b is " + b.shape() + "; the inner dimensions must match ("
                            + a.shape().columns() + " and " + b.shape().rows() + ")");
        }
    }

    @Override
    public String name() {
        return "matmul";
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(a, b);
    }

    @Override
    public Shape shape() {
        return Shape.of(a.shape().rows(), b.shape().columns());
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        int m = y.shape().rows();
        int n = y.shape().columns();
        int k = b.shape().rows();
        tape.kernels().matmul(m, n, k, a.data(), 0, k, 1, b.data(), 0, n, 1, y.data(), 0, n, false);
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        Kernels kernels = tape.kernels();
        int m = y.shape().rows();
        int n = y.shape().columns();
        int k = b.shape().rows();
        // y = a·b   ⇒   da = dy·bᵀ,  db = aᵀ·dy
        if (a.hasGrad()) {
            kernels.matmul(m, k, n, y.grad(), 0, n, 1, b.data(), 0, 1, n, a.grad(), 0, k, true);
        }
        if (b.hasGrad()) {
            kernels.matmul(k, n, m, a.data(), 0, 1, k, y.grad(), 0, n, 1, b.grad(), 0, n, true);
        }
    }
}

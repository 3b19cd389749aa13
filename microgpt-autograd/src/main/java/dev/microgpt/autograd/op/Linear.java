package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.Accumulate;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multiplies by a transposed weight and adds an optional bias: {@code y = x·wᵀ + b}.
 *
 * <p>Gradients: {@code dx = dy·w}, {@code dw = dyᵀ·x}, {@code db = Σₜ dy[t]}.
 */
public final class Linear implements Op {
    private final Tensor x;
    private final Tensor weight;
    private final @Nullable Tensor bias;

    /**
     * Creates the operation.
     *
     * @param x      input, shape {@code (T, in)}
     * @param weight weight, shape {@code (out, in)}
     * @param bias   added to each row, shape {@code (out)}, or null for none
     * @throws IllegalArgumentException if the shapes do not match
     */
    public Linear(Tensor x, Tensor weight, @Nullable Tensor bias) {
        this.x = x;
        this.weight = weight;
        this.bias = bias;
        Checks.matrix(this, "x", x);
        Checks.matrix(this, "weight", weight);
        int in = x.shape().columns();
        if (in != weight.shape().columns()) {
            throw new IllegalArgumentException("linear: x is " + x.shape() + " but weight is " + weight.shape()
                    + "; the last dimensions must match (" + in + " and "
                    + weight.shape().columns() + ")");
        }
        if (bias != null) {
            Checks.row(this, "bias", bias, shape());
        }
    }

    @Override
    public List<Tensor> inputs() {
        return bias == null ? List.of(x, weight) : List.of(x, weight, bias);
    }

    @Override
    public Shape shape() {
        return Shape.of(x.shape().rows(), weight.shape().rows());
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        int rows = y.shape().rows();
        int out = y.shape().columns();
        int in = x.shape().columns();
        if (bias != null) {
            for (int t = 0; t < rows; t++) {
                System.arraycopy(bias.data(), 0, y.data(), t * out, out);
            }
        }
        PackedMatrix packed = weight.packed();
        if (packed != null) {
            Checks.inference(this, "weight", weight, tape);
            if (bias == null) {
                Arrays.fill(y.data(), 0, rows * out, 0.0);
            }
            tape.kernels().matmulPacked(rows, packed, x.data(), 0, in, y.data(), 0, out);
            return;
        }
        // accumulates onto the bias, if there is one
        tape.kernels()
                .matmul(rows, out, in, x.data(), 0, in, 1, weight.data(), 0, 1, in, y.data(), 0, out, bias != null);
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        Kernels kernels = tape.kernels();
        int rows = y.shape().rows();
        int out = y.shape().columns();
        int in = x.shape().columns();
        double[] dy = y.grad();
        // y = x·wᵀ + b   ⇒   dx = dy·w,  dw = dyᵀ·x,  db = Σₜ dy[t]
        if (x.hasGrad()) {
            kernels.matmul(rows, in, out, dy, 0, out, 1, weight.data(), 0, in, 1, x.grad(), 0, in, true);
        }
        if (weight.hasGrad()) {
            kernels.matmul(out, in, rows, dy, 0, 1, out, x.data(), 0, in, 1, weight.grad(), 0, in, true);
        }
        if (bias != null && bias.hasGrad()) {
            Accumulate.rows(kernels, dy, rows, out, bias.grad());
        }
    }
}

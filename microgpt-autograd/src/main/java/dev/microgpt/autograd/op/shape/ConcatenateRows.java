package dev.microgpt.autograd.op.shape;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/**
 * Puts matrices one below another: {@code y = [a; b; …]}.
 *
 * <p>Gradients: {@code da}, {@code db}, … are the rows of {@code dy} at the same place.
 */
public final class ConcatenateRows implements Op {
    private final List<Tensor> parts;
    private final int rows;

    /**
     * Creates the operation.
     *
     * @param parts the matrices from top to bottom, shapes {@code (T₁, C)}, {@code (T₂, C)}, …; at least one
     * @throws IllegalArgumentException if there are none, one is not a matrix, or the numbers of columns differ
     */
    public ConcatenateRows(Tensor... parts) {
        this.parts = Parts.checked(this, parts);
        long total = 0;
        for (int i = 0; i < parts.length; i++) {
            Checks.matrix(this, "parts[" + i + "]", parts[i]);
            if (parts[i].shape().columns() != parts[0].shape().columns()) {
                throw Parts.misfit(this, i, this.parts, "the numbers of columns must be equal");
            }
            total += parts[i].shape().rows();
        }
        this.rows = Parts.total(this, "rows", total);
    }

    @Override
    public List<Tensor> inputs() {
        return parts;
    }

    @Override
    public Shape shape() {
        return Shape.of(rows, parts.get(0).shape().columns());
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        Parts.join(parts, y.data());
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        // y = [a; b; …]   ⇒   [da; db; …] = dy
        Parts.split(tape.kernels(), y.grad(), parts);
    }
}

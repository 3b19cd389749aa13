package dev.microgpt.autograd.op.shape;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Makes tensors of one shape the entries of a new first dimension: {@code y[i] = parts[i]}.
 *
 * <p>Gradients: {@code dParts[i] = dy[i]}.
 */
public final class Stack implements Op {
    private final List<Tensor> parts;

    /**
     * Creates the operation.
     *
     * @param parts {@code n} tensors of one shape {@code (…)}, of any rank; at least one
     * @throws IllegalArgumentException if there are none or the shapes differ
     */
    public Stack(Tensor... parts) {
        this.parts = Parts.checked(this, parts);
        for (int i = 1; i < parts.length; i++) {
            if (!parts[i].shape().equals(parts[0].shape())) {
                throw Parts.misfit(this, i, this.parts, "the shapes must be equal");
            }
        }
    }

    @Override
    public List<Tensor> inputs() {
        return parts;
    }

    @Override
    public Shape shape() {
        Shape of = parts.get(0).shape();
        int[] dims = new int[1 + of.rank()];
        dims[0] = parts.size();
        for (int axis = 0; axis < of.rank(); axis++) {
            dims[1 + axis] = of.dim(axis);
        }
        return Shape.of(dims);
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        Parts.join(parts, y.data());
    }

    @Override
    public void backward(Tape tape, Tensor y) {
        // y[i] = parts[i]   ⇒   dParts[i] = dy[i]
        Parts.split(tape.kernels(), y.grad(), parts);
    }
}

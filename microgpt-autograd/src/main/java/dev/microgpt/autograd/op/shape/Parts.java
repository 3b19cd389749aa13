package dev.microgpt.autograd.op.shape;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.Checks;
import java.util.List;

/** What slices, and operations on several tensors, have in common. */
final class Parts {
    private Parts() {}

    /** Requires at least one tensor and no null; returns a copy of the array. */
    static List<Tensor> checked(Op op, Tensor... parts) {
        for (int i = 0; i < parts.length; i++) {
            Checks.notNull(op, "parts[" + i + "]", parts[i]);
        }
        if (parts.length == 0) {
            throw new IllegalArgumentException(op.name() + ": there are no parts; at least one is required");
        }
        return List.of(parts);
    }

    /** Returns the refusal of a part that does not fit the first. */
    static IllegalArgumentException misfit(Op op, int index, List<Tensor> parts, String rule) {
        return new IllegalArgumentException(
                op.name() + ": parts[0] is " + parts.get(0).shape() + " but parts[" + index + "] is "
                        + parts.get(index).shape() + "; " + rule);
    }

    /** Requires that a sum of rows or columns is one that an array can have. */
    static int total(Op op, String what, long total) {
        if (total > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(op.name() + ": the parts have " + total + " " + what
                    + " in all, but an array holds at most " + Integer.MAX_VALUE);
        }
        return (int) total;
    }

    /** Requires that {@code from} to {@code to}, exclusive, are some of the {@code size} rows or columns of x. */
    static void range(Op op, int from, int to, int size, Tensor x) {
        if (from < 0 || from >= to || to > size) {
            throw new IllegalArgumentException(op.name() + ": the range is from " + from + " to below " + to
                    + ", but must be some of 0 to below " + size + ", because x is " + x.shape());
        }
    }

    /** Writes the elements of one part after another. */
    static void join(List<Tensor> parts, double[] y) {
        int start = 0;
        for (Tensor part : parts) {
            System.arraycopy(part.data(), 0, y, start, part.shape().size());
            start += part.shape().size();
        }
    }

    /** Adds to the gradients of the parts, on one thread because a tensor may be several of them. */
    static void split(Kernels kernels, double[] dy, List<Tensor> parts) {
        int start = 0;
        for (Tensor part : parts) {
            if (part.hasGrad()) {
                kernels.axpy(1.0, dy, start, part.grad(), 0, part.shape().size());
            }
            start += part.shape().size();
        }
    }
}

package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;

/** The conditions that several operations put on their inputs, with messages of one form. */
final class Checks {
    private Checks() {}

    /** Refuses null by the name of the argument, and returns the tensor. */
    static Tensor given(Op op, String argument, Tensor tensor) {
        if (tensor == null) {
            throw new NullPointerException(op.name() + ": " + argument + " is null");
        }
        return tensor;
    }

    /** Refuses anything but {@code (rows, columns)}. */
    static void matrix(Op op, String argument, Tensor tensor) {
        given(op, argument, tensor);
        if (tensor.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    op.name() + ": " + argument + " is " + tensor.shape() + ", but must have two dimensions");
        }
    }

    static void sameShape(Op op, String a, Tensor first, String b, Tensor second) {
        given(op, a, first);
        given(op, b, second);
        if (!first.shape().equals(second.shape())) {
            throw new IllegalArgumentException(op.name() + ": " + a + " is " + first.shape() + " but " + b + " is "
                    + second.shape() + "; the shapes must be equal");
        }
    }

    /** Refuses anything but one number for each column of {@code x}. */
    static void row(Op op, String argument, Tensor row, Shape x) {
        given(op, argument, row);
        if (!isRow(row, x)) {
            throw new IllegalArgumentException(op.name() + ": " + argument + " is " + row.shape() + " but the rows are "
                    + x + "; it must be (" + x.columns() + ")");
        }
    }

    /** Refuses a second operand that has neither the shape of the first nor that of one of its rows. */
    static void sameShapeOrRow(Op op, Tensor a, Tensor b) {
        if (!a.shape().equals(b.shape()) && !isRow(b, a.shape())) {
            throw new IllegalArgumentException(op.name() + ": a is " + a.shape() + " but b is " + b.shape()
                    + "; b must have the same shape or be one row (" + a.shape().columns() + ")");
        }
    }

    static boolean isRow(Tensor row, Shape x) {
        return row.shape().rank() == 1 && row.shape().columns() == x.columns();
    }

    public static void positive(Op op, String argument, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    op.name() + ": " + argument + " is " + value + ", but must be positive and finite");
        }
    }

    /**
     * Refuses an index that is not one of the {@code size} rows or columns of a tensor, which a message introduces by
     * words such as "the table is".
     */
    static void indices(Op op, String argument, int[] indices, int size, String thatIs, Tensor of) {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= size) {
                throw new IllegalArgumentException(op.name() + ": " + argument + "[" + i + "] is " + indices[i]
                        + ", but must be from 0 to " + (size - 1) + ", for " + thatIs + " " + of.shape());
            }
        }
    }
}

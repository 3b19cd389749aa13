package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Op;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;

/**
 * Preconditions of operations, for the constructors of operations of your own as well. Each message names the
 * operation, the values and the rule.
 */
public final class Checks {
    private Checks() {}

    /**
     * Requires a tensor.
     *
     * @param op       the operation
     * @param argument the name of the tensor in messages
     * @param tensor   the tensor
     * @return the tensor
     * @throws NullPointerException if it is null
     */
    public static Tensor notNull(Op op, String argument, Tensor tensor) {
        if (tensor == null) {
            throw new NullPointerException(op.name() + ": " + argument + " is null");
        }
        return tensor;
    }

    /**
     * Requires the shape {@code (rows, columns)}.
     *
     * @param op       the operation
     * @param argument the name of the tensor in messages
     * @param tensor   the tensor
     * @throws IllegalArgumentException if it does not have two dimensions
     */
    public static void matrix(Op op, String argument, Tensor tensor) {
        notNull(op, argument, tensor);
        if (tensor.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    op.name() + ": " + argument + " is " + tensor.shape() + ", but must have two dimensions");
        }
    }

    /**
     * Requires an inference tape for a packed tensor, which has no array from which a gradient could be computed.
     *
     * @param op       the operation
     * @param argument the name of the tensor in messages
     * @param tensor   a {@linkplain Tensor#packed() packed} tensor
     * @param tape     the tape
     * @throws IllegalStateException if the tape keeps gradients
     */
    static void inference(Op op, String argument, Tensor tensor, Tape tape) {
        if (tape.keepsGradients()) {
            throw new IllegalStateException(op.name() + ": " + argument + " " + tensor.shape()
                    + " is packed for inference, but the tape keeps gradients; use Tape.inference(), or load the model"
                    + " with load instead of loadForInference");
        }
    }

    /**
     * Requires two tensors of one shape.
     *
     * @param op     the operation
     * @param a      the name of the first tensor in messages
     * @param first  a tensor
     * @param b      the name of the second tensor in messages
     * @param second another tensor
     * @throws IllegalArgumentException if their shapes differ
     */
    public static void sameShape(Op op, String a, Tensor first, String b, Tensor second) {
        notNull(op, a, first);
        notNull(op, b, second);
        if (!first.shape().equals(second.shape())) {
            throw new IllegalArgumentException(op.name() + ": " + a + " is " + first.shape() + " but " + b + " is "
                    + second.shape() + "; the shapes must be equal");
        }
    }

    /**
     * Requires one number for each column of another tensor.
     *
     * @param op       the operation
     * @param argument the name of the row in messages
     * @param row      the row
     * @param x        the shape of the other tensor
     * @throws IllegalArgumentException if its shape is not that of a row
     */
    public static void row(Op op, String argument, Tensor row, Shape x) {
        notNull(op, argument, row);
        if (row.shape().rank() != 1 || row.shape().columns() != x.columns()) {
            throw new IllegalArgumentException(op.name() + ": " + argument + " is " + row.shape() + ", but must be ("
                    + x.columns() + "), one number for each column of " + x);
        }
    }

    /**
     * Requires a positive finite number.
     *
     * @param op       the operation
     * @param argument the name of the number in messages
     * @param value    the number
     * @throws IllegalArgumentException if it is 0, negative, infinite or NaN
     */
    public static void positive(Op op, String argument, double value) {
        if (!(value > 0) || value == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    op.name() + ": " + argument + " is " + value + ", but must be positive and finite");
        }
    }

    /**
     * Requires a finite number.
     *
     * @param op       the operation
     * @param argument the name of the number in messages
     * @param value    the number
     * @throws IllegalArgumentException if it is infinite or NaN
     */
    public static void finite(Op op, String argument, double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(op.name() + ": " + argument + " is " + value + ", but must be finite");
        }
    }

    /**
     * Requires that every index is one of the rows or columns of another argument.
     *
     * @param op         the operation
     * @param argument   the name of the indices in messages
     * @param indices    the indices
     * @param size       the number of rows or columns
     * @param ofArgument the name of the other argument in messages
     * @param of         the other argument
     * @throws IllegalArgumentException if an index is negative or not below the size
     */
    public static void indices(Op op, String argument, int[] indices, int size, String ofArgument, Tensor of) {
        for (int i = 0; i < indices.length; i++) {
            if (indices[i] < 0 || indices[i] >= size) {
                throw new IllegalArgumentException(op.name() + ": " + argument + "[" + i + "] is " + indices[i]
                        + ", but must be from 0 to " + (size - 1) + ", because " + ofArgument + " is " + of.shape());
            }
        }
    }

    /**
     * Requires that a packed matrix has the rows of its sequences.
     *
     * @param op        the operation
     * @param argument  the name of the tensor in messages
     * @param tensor    the tensor
     * @param sequences the sequences packed in it
     * @throws IllegalArgumentException if the numbers of rows differ
     */
    public static void packed(Op op, String argument, Tensor tensor, Sequences sequences) {
        if (tensor.shape().rows() != sequences.rows()) {
            throw new IllegalArgumentException(op.name() + ": " + argument + " is " + tensor.shape()
                    + " but its sequences have " + sequences.rows() + " rows in all; the numbers of rows must match");
        }
    }

    /** Requires that a mask has a random stream for each sequence. */
    static void streams(Op op, DropoutMask mask, Sequences sequences) {
        if (mask.sequences() != sequences.count()) {
            throw new IllegalArgumentException(op.name() + ": the number of random streams of the dropout mask is "
                    + mask.sequences() + " but the number of sequences is " + sequences.count()
                    + "; each sequence needs one stream");
        }
    }
}

package dev.microgpt.autograd;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The dimensions of a tensor whose elements are contiguous and in row-major order. Immutable, with value equality.
 *
 * <p>Operations treat a tensor as {@link #rows()} rows of {@link #columns()} elements: the last dimension is the length
 * of a row, the product of all others the number of rows.
 */
public final class Shape {
    private static final Shape SCALAR = new Shape(new int[0]);

    private final int[] dims;
    private final int size;

    private Shape(int[] dims) {
        this.dims = dims;
        this.size = checkedSize(dims);
    }

    /**
     * Returns the shape with the given dimensions.
     *
     * @param dims the dimensions, outermost first; each at least 1
     * @return the shape; without dimensions that of a scalar
     * @throws IllegalArgumentException if a dimension is below 1 or if there are more than 2³¹ − 1 elements
     */
    public static Shape of(int... dims) {
        return new Shape(dims.clone());
    }

    /**
     * Returns the shape of a matrix.
     *
     * @param rows    number of rows, at least 1
     * @param columns number of columns, at least 1
     * @return the shape {@code (rows, columns)}
     * @throws IllegalArgumentException if a dimension is below 1 or if there are more than 2³¹ − 1 elements
     */
    public static Shape of(int rows, int columns) {
        return new Shape(new int[] {rows, columns});
    }

    /** {@return the shape of a scalar, {@code ()}, which has no dimensions and one element} */
    public static Shape scalar() {
        return SCALAR;
    }

    /** {@return the number of dimensions, 0 for a scalar} */
    public int rank() {
        return dims.length;
    }

    /**
     * Returns the length of one dimension.
     *
     * @param axis index of the dimension, from 0 for the outermost
     * @return its length, at least 1
     * @throws IllegalArgumentException if the axis is out of range
     */
    public int dim(int axis) {
        if (axis < 0 || axis >= dims.length) {
            throw new IllegalArgumentException("shape " + this + ": the axis is " + axis + ", but "
                    + (dims.length == 0 ? "a scalar has no axes" : "must be from 0 to below " + dims.length));
        }
        return dims[axis];
    }

    /** {@return the number of elements: the product of all dimensions, 1 for a scalar} */
    public int size() {
        return size;
    }

    /** {@return the length of a row: the last dimension, 1 for a scalar} */
    public int columns() {
        return dims.length == 0 ? 1 : dims[dims.length - 1];
    }

    /** {@return the number of rows: the product of all dimensions but the last, 1 for a scalar or a vector} */
    public int rows() {
        return size / columns();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shape that && Arrays.equals(dims, that.dims);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(dims);
    }

    /** {@return the dimensions as in {@code (2, 3)}} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("(");
        for (int i = 0; i < dims.length; i++) {
            text.append(i == 0 ? "" : ", ").append(dims[i]);
        }
        return text.append(')').toString();
    }

    private int checkedSize(int[] dims) {
        long elements = 1;
        for (int dim : dims) {
            if (dim < 1) {
                throw new IllegalArgumentException("shape " + this + ": every dimension must be at least 1");
            }
            // capped, so the product cannot overflow and stays above the limit once it is
            elements = Math.min(elements * dim, 1L << Integer.SIZE);
        }
        if (elements > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("shape " + this + ": has " + exactSize(dims) + " elements, but an array"
                    + " holds at most " + Integer.MAX_VALUE);
        }
        return (int) elements;
    }

    private static BigInteger exactSize(int[] dims) {
        BigInteger size = BigInteger.ONE;
        for (int dim : dims) {
            size = size.multiply(BigInteger.valueOf(dim));
        }
        return size;
    }
}

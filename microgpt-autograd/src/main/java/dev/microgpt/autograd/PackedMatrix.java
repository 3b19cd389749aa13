package dev.microgpt.autograd;

import java.util.Objects;

/**
 * A matrix of weights for inference, as small as its numbers allow and in the order in which products read it.
 *
 * <pre>{@code
 * Tensor packed = Tensor.packed(PackedMatrix.of(weight));
 * Tensor y = tape.linear(x, packed); // the same bits as with weight
 * }</pre>
 *
 * <p>Weights that came from a file of {@code float} or bfloat16 fit in 4 or 2 bytes, and generation, which reads every
 * weight once for each token, is limited by memory. The {@link Precision} is the smallest that represents each number
 * exactly, bit for bit, so no result changes.
 *
 * <p>Immutable; any number of threads may use it.
 */
public final class PackedMatrix {
    private final Shape shape;
    private final Precision precision;
    private final int width;
    private final double[] numbers;
    private final int[] bits;

    private PackedMatrix(Shape shape, Precision precision, int width, double[] numbers, int[] bits) {
        this.shape = shape;
        this.precision = precision;
        this.width = width;
        this.numbers = numbers;
        this.bits = bits;
    }

    /** How the numbers of a packed matrix are stored. */
    public enum Precision {
        /** bfloat16, the upper half of a {@code float}: 2 bytes. */
        BF16(2),
        /** {@code float}: 4 bytes. */
        F32(4),
        /** {@code double}: 8 bytes. */
        F64(8);

        private final int bytes;

        Precision(int bytes) {
            this.bytes = bytes;
        }

        /** {@return the size of a number in bytes} */
        public int bytes() {
            return bytes;
        }

        /**
         * Returns the smallest precision that represents numbers exactly, at least this one.
         *
         * @param numbers the numbers, of which the first {@code count} are looked at
         * @param count   how many
         * @return the precision from which each number comes back with the same bits
         */
        public Precision atLeastOf(double[] numbers, int count) {
            Precision least = this;
            for (int i = 0; i < count && least != F64; i++) {
                while (!least.holds(numbers[i])) {
                    least = values()[least.ordinal() + 1];
                }
            }
            return least;
        }

        private boolean holds(double x) {
            if (this == F64) {
                return true;
            }
            float rounded = (float) x;
            return Double.doubleToRawLongBits(rounded) == Double.doubleToRawLongBits(x)
                    && (this == F32 || (short) Float.floatToRawIntBits(rounded) == 0);
        }
    }

    /**
     * Packs a copy of a matrix.
     *
     * @param matrix one row for each output, shape {@code (out, in)}
     * @return the packed matrix
     * @throws IllegalArgumentException if it is not a matrix, or too large by the outputs with which it is filled up
     */
    public static PackedMatrix of(Tensor matrix) {
        PackedMatrix packed = matrix.packed();
        if (packed != null) {
            return packed;
        }
        Builder builder = new Builder(matrix.shape());
        builder.add(matrix.data(), matrix.shape().size());
        return builder.build();
    }

    /** {@return the shape {@code (out, in)}} */
    public Shape shape() {
        return shape;
    }

    /** {@return how its numbers are stored} */
    public Precision precision() {
        return precision;
    }

    /**
     * Copies a row.
     *
     * @param row  its index
     * @param to   receives its numbers
     * @param from index of the first of them in {@code to}
     */
    public void copyRow(int row, double[] to, int from) {
        int columns = shape.columns();
        int step = row / width * columns;
        int j = row % width;
        if (precision == Precision.F64) {
            for (int p = 0; p < columns; p++) {
                to[from + p] = numbers[(step + p) * width + j];
            }
        } else if (precision == Precision.F32) {
            for (int p = 0; p < columns; p++) {
                to[from + p] = Float.intBitsToFloat(bits[(step + p) * width + j]);
            }
        } else {
            int half = width / 2;
            int shift = j < half ? Short.SIZE : 0;
            for (int p = 0; p < columns; p++) {
                int pair = bits[(step + p) * half + j % half];
                to[from + p] = Float.intBitsToFloat(pair << shift & 0xFFFF_0000);
            }
        }
    }

    /** {@return a copy of all numbers, row-major} */
    public double[] toArray() {
        double[] all = new double[shape.size()];
        for (int row = 0; row < shape.rows(); row++) {
            copyRow(row, all, row * shape.columns());
        }
        return all;
    }

    // ---- for kernels ----

    /**
     * Returns the width {@code w} of its panels: {@code w} consecutive rows of the matrix, the last of zeros if there
     * are fewer. A panel has the first numbers of its rows, then the second ones, and so on.
     *
     * @return {@link Kernels#panelWidth()} of this JVM; even
     */
    public int panelWidth() {
        return width;
    }

    /** {@return the panels one after another, if the precision is {@code F64}} */
    public double[] numbers() {
        return numbers;
    }

    /**
     * Returns the panels one after another, if the precision is not {@code F64}.
     *
     * @return for {@code F32}, the bits of a {@code float} each; for {@code BF16}, {@code w/2} elements for each column
     *     of a panel, of which element {@code i} has row {@code i} of the panel in its lower half, and row
     *     {@code w/2 + i} in its upper half. At least {@code w} elements follow the last panel
     */
    public int[] bits() {
        return bits;
    }

    /** {@return precision and shape, such as {@code F32 (768, 768)}} */
    @Override
    public String toString() {
        return precision + " " + shape;
    }

    /**
     * Packs a matrix whose numbers arrive one after another, such as from a file: no copy of all of them as
     * {@code double} ever exists. For one thread at a time.
     */
    public static final class Builder {
        private final Shape shape;
        private final int width;
        private Precision precision = Precision.BF16;
        private double[] numbers = {};
        private int[] bits;
        private int added;

        /**
         * Begins a matrix.
         *
         * @param shape the shape {@code (out, in)}
         * @throws IllegalArgumentException if it is not that of a matrix, or of one that is too large by the outputs
         *     with which it is filled up
         */
        public Builder(Shape shape) {
            this(shape, Kernels.active().panelWidth());
        }

        Builder(Shape shape, int width) {
            if (shape.rank() != 2) {
                throw new IllegalArgumentException(
                        "packed matrix: the shape is " + shape + ", but only a matrix can be packed; keep it as it is");
            }
            this.shape = Objects.requireNonNull(shape);
            this.width = width;
            if (size(Precision.F64) > Integer.MAX_VALUE - 8) {
                throw new IllegalArgumentException("packed matrix: " + shape + " has " + size(Precision.F64)
                        + " elements if its rows are filled up to a multiple of " + width
                        + ", but an array holds fewer; keep it as it is");
            }
            bits = new int[(int) size(precision)];
        }

        /** Returns the number of array elements for all panels, and a width more. */
        private long size(Precision stored) {
            long rows = (shape.rows() + width - 1) / width * (long) width;
            return rows * shape.columns() / (stored == Precision.BF16 ? 2 : 1) + width;
        }

        /**
         * Adds the next numbers.
         *
         * @param next  the numbers, row-major, of which the first {@code count} are added
         * @param count how many
         * @throws IllegalArgumentException if they are more than the matrix has
         */
        public void add(double[] next, int count) {
            if (count > shape.size() - added) {
                throw new IllegalArgumentException(
                        "packed matrix: " + (added + (long) count) + " numbers were added, but its shape is " + shape);
            }
            Precision needed = precision.atLeastOf(next, count);
            if (needed != precision) {
                repack(needed);
            }
            int columns = shape.columns();
            for (int i = 0; i < count; ) {
                int row = (added + i) / columns;
                int p = (added + i) % columns;
                int run = Math.min(columns - p, count - i);
                put(row, p, next, i, run);
                i += run;
            }
            added += count;
        }

        private void put(int row, int p, double[] next, int from, int run) {
            int step = row / width * shape.columns() + p;
            int j = row % width;
            int half = width / 2;
            if (precision == Precision.F64) {
                for (int i = 0; i < run; i++) {
                    numbers[(step + i) * width + j] = next[from + i];
                }
            } else if (precision == Precision.F32) {
                for (int i = 0; i < run; i++) {
                    bits[(step + i) * width + j] = Float.floatToRawIntBits((float) next[from + i]);
                }
            } else {
                for (int i = 0; i < run; i++) {
                    int upper = Float.floatToRawIntBits((float) next[from + i]);
                    bits[(step + i) * half + j % half] |= j < half ? upper >>> 16 : upper;
                }
            }
        }

        /** Stores what was added with a higher precision. */
        private void repack(Precision needed) {
            PackedMatrix before = new PackedMatrix(shape, precision, width, numbers, bits);
            precision = needed;
            if (needed == Precision.F64) {
                numbers = new double[(int) size(needed)];
                bits = new int[0];
            } else {
                bits = new int[(int) size(needed)];
            }
            double[] row = new double[shape.columns()];
            int columns = shape.columns();
            for (int done = 0; done < added; done += columns) {
                before.copyRow(done / columns, row, 0);
                put(done / columns, 0, row, 0, Math.min(columns, added - done));
            }
        }

        /**
         * Returns the matrix; the builder must not be used any more.
         *
         * @return the packed matrix
         * @throws IllegalStateException if numbers are missing
         */
        public PackedMatrix build() {
            if (added < shape.size()) {
                throw new IllegalStateException(
                        "packed matrix: " + added + " numbers were added, but its shape is " + shape);
            }
            double[] kept = numbers;
            int[] keptBits = bits;
            numbers = new double[0];
            bits = new int[0];
            added = 0; // so that it is refused to build again
            return new PackedMatrix(shape, precision, width, kept, keptBits);
        }
    }
}

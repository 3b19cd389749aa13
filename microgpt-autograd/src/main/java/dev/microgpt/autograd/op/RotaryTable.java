package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Shape;
import java.util.Arrays;

/**
 * The angles of {@link Rotary}: position {@code t} turns pair {@code i} of a head of {@code d} channels by
 * {@code t · theta^(−2i/d)}.
 *
 * <p>Rows are computed when a position is first used, and kept up to a number of positions; those beyond it are
 * computed at each use. Immutable as far as callers can see: any number of threads may share it.
 */
public final class RotaryTable {
    private final int width;
    private final double theta;
    private final int positions;
    private volatile double[] rows = {}; // of the first positions, (positions, d): d/2 cosines, then d/2 sines

    /**
     * Creates a table, without computing it.
     *
     * @param width     the number of channels {@code d} of a head, even and at least 2
     * @param theta     the base of the angles, positive and finite (10,000 in the paper); a larger one turns slower
     * @param positions the number of positions that are kept, at least 0: {@code 8 · d} bytes for each
     * @throws IllegalArgumentException if a number is out of range, an angle would be infinite, or the table has more
     *     elements than an array
     */
    public RotaryTable(int width, double theta, int positions) {
        if (width < 2 || width % 2 != 0) {
            throw new IllegalArgumentException("rotary: the width of a head is " + width
                    + ", but must be even and at least 2, because channels are turned in pairs");
        }
        if (!(theta > 0) || theta == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException("rotary: theta is " + theta + ", but must be positive and finite");
        }
        if (positions < 0) {
            throw new IllegalArgumentException(
                    "rotary: the number of positions is " + positions + ", but must be at least 0");
        }
        if (Double.isInfinite(Integer.MAX_VALUE * StrictMath.pow(theta, (2.0 - width) / width))) {
            throw new IllegalArgumentException("rotary: theta is " + theta + ", with which heads of " + width
                    + " channels turn by infinite angles; choose a larger one, such as 10000");
        }
        Shape.of(Math.max(1, positions), width); // refuses what no array holds
        this.width = width;
        this.theta = theta;
        this.positions = positions;
    }

    int width() {
        return width;
    }

    /** Returns whether the rows up to this position are kept. */
    boolean keeps(int position) {
        return position < positions;
    }

    /** Returns at least the rows up to a position that is kept, from that of position 0. */
    double[] upTo(int position) {
        double[] known = rows;
        int count = known.length / width;
        if (position >= count) {
            int wanted = (int) Math.min(positions, Math.max(position + 1L, 2L * count));
            known = Arrays.copyOf(known, wanted * width);
            for (int t = count; t < wanted; t++) {
                compute(t, known, t * width);
            }
            rows = known; // if two threads do this at a time, both compute the same
        }
        return known;
    }

    /** Computes the row of a position. */
    void compute(int position, double[] row, int offset) {
        int half = width / 2;
        for (int i = 0; i < half; i++) {
            double angle = position * StrictMath.pow(theta, -2.0 * i / width);
            row[offset + i] = StrictMath.cos(angle);
            row[offset + half + i] = StrictMath.sin(angle);
        }
    }
}

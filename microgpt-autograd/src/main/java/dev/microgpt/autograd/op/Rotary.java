package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Turns queries or keys by angles that grow with their position, so that the dot product of two rows depends on the
 * distance of their positions. For each pair {@code (i, i + d/2)} of a head's {@code d} channels and the angle
 * {@code a} of the row's position: {@code y[i] = x[i]·cos(a) − x[i + d/2]·sin(a)} and
 * {@code y[i + d/2] = x[i + d/2]·cos(a) + x[i]·sin(a)}.
 *
 * <p>Gradient: {@code dy} turned back, by {@code −a}.
 *
 * @see <a href="https://arxiv.org/abs/2104.09864">Su et al., RoFormer: Enhanced Transformer with Rotary Position
 *     Embedding, 2021</a>
 */
public final class Rotary extends RowOp {
    private final Tensor x;
    private final int heads;
    private final RotaryTable table;
    private final int[] positions;
    private double[] turns = {}; // (…, d), d/2 cosines and d/2 sines
    private boolean byPosition; // whether the rows of turns are positions, and not those of x

    /**
     * Creates the operation.
     *
     * @param x         queries or keys, shape {@code (T, heads · d)}; not modified
     * @param heads     the number of heads in {@code x}
     * @param table     the angles for heads of {@code d} channels
     * @param positions the position of each row, from 0; not copied and not to be modified until the tape is reset
     * @throws IllegalArgumentException if {@code x} has other rows than positions or other columns than the heads, or
     *     a position is negative
     */
    public Rotary(Tensor x, int heads, RotaryTable table, int... positions) {
        this.x = x;
        this.heads = heads;
        this.table = Objects.requireNonNull(table, "rotary: table is null");
        this.positions = Objects.requireNonNull(positions, "rotary: positions is null");
        Checks.matrix(this, "x", x);
        int columns = x.shape().columns();
        if (heads < 1 || columns % heads != 0) {
            throw new IllegalArgumentException("rotary: the number of heads is " + heads
                    + ", but must be at least 1 and divide the " + columns + " channels");
        }
        if (columns / heads != table.width()) {
            throw new IllegalArgumentException("rotary: x is " + x.shape() + " with heads of " + columns / heads
                    + " channels, but the table is for heads of " + table.width());
        }
        if (positions.length != x.shape().rows()) {
            throw new IllegalArgumentException("rotary: x is " + x.shape() + " but the number of positions is "
                    + positions.length + "; each row needs one position");
        }
        for (int t = 0; t < positions.length; t++) {
            if (positions[t] < 0) {
                throw new IllegalArgumentException(
                        "rotary: positions[" + t + "] is " + positions[t] + ", but must be at least 0");
            }
        }
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return x.shape();
    }

    /** {@return {@code cos} and {@code sin}, shape {@code (T, d/2)}: of the angle of each pair of channels in a row} */
    @Override
    public Map<String, Tensor> details() {
        int half = table.width() / 2;
        Shape shape = Shape.of(positions.length, half);
        double[] cos = new double[shape.size()];
        double[] sin = new double[shape.size()];
        for (int t = 0; t < positions.length; t++) {
            System.arraycopy(turns, cosines(t), cos, t * half, half);
            System.arraycopy(turns, cosines(t) + half, sin, t * half, half);
        }
        Map<String, Tensor> details = new LinkedHashMap<>();
        details.put("cos", Tensor.constant(shape, cos));
        details.put("sin", Tensor.constant(shape, sin));
        return details;
    }

    @Override
    protected long work() {
        return 2L * shape().size();
    }

    @Override
    protected void reserve(Tape tape) {
        int last = 0;
        for (int position : positions) {
            last = Math.max(last, position);
        }
        byPosition = table.keeps(last);
        if (byPosition) {
            turns = table.upTo(last);
        } else {
            turns = tape.buffer(positions.length * table.width());
            for (int t = 0; t < positions.length; t++) {
                table.compute(positions[t], turns, t * table.width());
            }
        }
    }

    /** Returns where the cosines of a row begin. */
    private int cosines(int t) {
        return (byPosition ? positions[t] : t) * table.width();
    }

    // cosines and sines are next to each other, and each loop writes one place, so that they run on vectors

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int half = table.width() / 2;
        for (int t = from, a = from * shape().columns(); t < to; t++) {
            for (int h = 0; h < heads; h++, a += 2 * half) {
                turn(x.data(), a, y.data(), turns, cosines(t), half);
            }
        }
    }

    private static void turn(double[] x, int a, double[] y, double[] turns, int cos, int half) {
        int b = a + half;
        int sin = cos + half;
        for (int i = 0; i < half; i++) {
            y[a + i] = x[a + i] * turns[cos + i] - x[b + i] * turns[sin + i];
        }
        for (int i = 0; i < half; i++) {
            y[b + i] = x[b + i] * turns[cos + i] + x[a + i] * turns[sin + i];
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int half = table.width() / 2;
        for (int t = from, a = from * shape().columns(); t < to; t++) {
            for (int h = 0; h < heads; h++, a += 2 * half) {
                addTurnedBack(y.grad(), a, x.grad(), turns, cosines(t), half);
            }
        }
    }

    /** y is x turned by the angle ⇒ dx is dy turned by its negative, whose sine is −sin. */
    private static void addTurnedBack(double[] dy, int a, double[] dx, double[] turns, int cos, int half) {
        int b = a + half;
        int sin = cos + half;
        for (int i = 0; i < half; i++) {
            dx[a + i] += dy[a + i] * turns[cos + i] + dy[b + i] * turns[sin + i];
        }
        for (int i = 0; i < half; i++) {
            dx[b + i] += dy[b + i] * turns[cos + i] - dy[a + i] * turns[sin + i];
        }
    }
}

package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Sets elements to zero at random and scales up the others: {@code y = mask · x} with a mask of 0 and
 * {@code 1 / (1 − rate)}.
 *
 * <p>Gradient: {@code dx = mask · dy}. Element {@code c} of row {@code i} of a sequence depends on number
 * {@code i·C + c} of that sequence's random stream.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout: A Simple Way to Prevent
 *     Neural Networks from Overfitting, 2014</a>
 */
public final class Dropout extends RowOp {
    /** Multiply-adds per element, most of them for its random number. */
    private static final long WORK = 8;

    private final Tensor x;
    private final Sequences sequences;
    private final DropoutMask mask;

    /**
     * Creates the operation.
     *
     * @param x         input, shape {@code (T, C)}; not modified
     * @param sequences offsets of the sequences in {@code x}
     * @param mask      the elements to drop, with a random stream for each sequence
     * @throws IllegalArgumentException if {@code x}, the sequences and the mask differ in rows or sequences
     */
    public Dropout(Tensor x, Sequences sequences, DropoutMask mask) {
        this.x = x;
        this.sequences = sequences;
        this.mask = mask;
        Checks.matrix(this, "x", x);
        Checks.packed(this, "x", x, sequences);
        Checks.streams(this, mask, sequences);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(x);
    }

    @Override
    public Shape shape() {
        return x.shape();
    }

    @Override
    protected int items() {
        return sequences.count();
    }

    @Override
    protected long work() {
        return WORK * shape().size();
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        for (int s = from; s < to; s++) {
            int first = sequences.start(s) * columns;
            mask.apply(kernels, s, 0, x.data(), first, y.data(), first, sequences.length(s) * columns, false);
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        // y = mask · x   ⇒   dx = mask · dy
        for (int s = from; s < to; s++) {
            int first = sequences.start(s) * columns;
            mask.apply(kernels, s, 0, y.grad(), first, x.grad(), first, sequences.length(s) * columns, true);
        }
    }
}

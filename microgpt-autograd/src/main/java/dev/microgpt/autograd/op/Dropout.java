package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import java.util.List;

/**
 * Drops elements at random and scales the others up: {@code y = mask · x} with a mask of 0 and {@code 1 / (1 − rate)}.
 *
 * <p>{@code dx = mask · dy}. Element {@code c} of row {@code i} of a sequence is number {@code i·C + c} of the stream of
 * that sequence.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout: A Simple Way to Prevent Neural
 *     Networks from Overfitting, 2014</a>
 */
public final class Dropout extends RowOp {
    /** Multiply-adds an element, most of them for its random number. */
    private static final long WORK = 8;

    private final Tensor x;
    private final Sequences sequences;
    private final DropoutMask mask;

    /**
     * Prepares the dropping.
     *
     * @param x         input, shape {@code (T, C)}; not modified
     * @param sequences where the sequences start in {@code x}
     * @param mask      a stream for each sequence
     * @throws IllegalArgumentException if the numbers of rows or of sequences do not fit
     */
    public Dropout(Tensor x, Sequences sequences, DropoutMask mask) {
        this.x = x;
        this.sequences = sequences;
        this.mask = mask;
        Checks.matrix(this, "x", x);
        if (x.shape().rows() != sequences.rows() || sequences.count() != mask.sequences()) {
            throw new IllegalArgumentException("dropout: x is " + x.shape() + ", its sequences have " + sequences.rows()
                    + " rows, and the mask is for " + mask.sequences() + " sequences of " + sequences.count()
                    + "; rows and sequences must be as many");
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
            mask.apply(s, 0, x.data(), first, y.data(), first, sequences.length(s) * columns);
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = shape().columns();
        // y = mask · x   ⇒   dx = mask · dy
        for (int s = from; s < to; s++) {
            int first = sequences.start(s) * columns;
            mask.add(s, 0, y.grad(), first, x.grad(), first, sequences.length(s) * columns);
        }
    }
}

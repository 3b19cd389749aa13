package dev.microgpt.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Records operations in the order in which they are applied, so that {@link #backward} is one loop in reverse.
 *
 * <pre>{@code
 * Tape tape = Tape.training();
 * Tensor loss = tape.mean(tape.relu(tape.linear(x, weight)));
 * tape.backward(loss);                      // adds to weight.grad()
 * tape.reset();                             // the next step reuses all buffers
 * }</pre>
 *
 * <p>The tape owns the buffers of everything that it records and hands the same ones out after {@link #reset()}: once
 * the largest step has been seen, a step allocates no array of numbers. An {@linkplain #inference() inference tape}
 * runs the same forward code and keeps no gradients.
 *
 * <p>A tape is used by one thread between two resets; two tapes may run at the same time.
 */
public final class Tape implements Operations {
    private final Kernels kernels = Kernels.active();
    private final BufferPool buffers = new BufferPool();
    private final boolean training;
    private final List<TapeListener> listeners = new ArrayList<>();

    private Op[] ops = new Op[64];
    private Tensor[] outputs = new Tensor[64];
    private int recorded;
    private int generation;
    private boolean backwardDone;
    private @Nullable Thread owner;

    private Tape(boolean training) {
        this.training = training;
    }

    /**
     * Creates a tape that keeps gradients.
     *
     * @return an empty tape
     */
    public static Tape training() {
        return new Tape(true);
    }

    /**
     * Creates a tape that records nothing and keeps no gradients.
     *
     * @return an empty tape
     */
    public static Tape inference() {
        return new Tape(false);
    }

    @Override
    public Tensor apply(Op op) {
        Thread ownerBefore = owner;
        claim();
        int recordedBefore = recorded;
        int takenBefore = buffers.taken();
        try {
            return forward(op);
        } catch (RuntimeException | Error failure) {
            forget(recordedBefore); // an operation may have applied others before it failed
            buffers.rewind(takenBefore);
            owner = ownerBefore;
            throw failure;
        }
    }

    private Tensor forward(Op op) {
        if (backwardDone) {
            throw new IllegalStateException(op.name() + ": backward has run on this recording; call reset() first");
        }
        boolean needsGrad = false;
        List<Tensor> inputs = op.inputs();
        for (int i = 0; i < inputs.size(); i++) {
            Tensor input = inputs.get(i);
            input.checkUsableOn(this, op);
            needsGrad |= input.hasGrad();
        }
        needsGrad &= training;
        Tensor y = output(op.shape(), needsGrad);
        op.forward(this, y);
        if (needsGrad) {
            record(op, y);
        }
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).onForward(op, y);
        }
        return y;
    }

    /**
     * Adds the gradient of a scalar to the gradient of everything that it was computed from.
     *
     * @param loss a tensor with one element, computed on this tape
     * @throws IllegalStateException if the loss has more elements, was not computed on this tape from anything that has
     *     a gradient, or if backward has run since the last reset
     */
    public void backward(Tensor loss) {
        if (loss.shape().size() != 1) {
            throw new IllegalStateException("backward: the tensor is " + loss.shape() + ", only a scalar has a gradient"
                    + " by itself; reduce it with sum or mean, or pass the gradient of the loss with respect to it");
        }
        int last = begin(loss);
        loss.grad()[0] = 1.0;
        run(last);
    }

    /**
     * Runs backward from a tensor of any shape, given the gradient of the loss with respect to it.
     *
     * @param y  a tensor computed on this tape
     * @param dy the gradient of the loss with respect to {@code y}, in row-major order; not kept
     * @throws IllegalArgumentException if {@code dy} has not as many numbers as {@code y}
     * @throws IllegalStateException as {@link #backward(Tensor)}
     */
    public void backward(Tensor y, double... dy) {
        if (dy.length != y.shape().size()) {
            throw new IllegalArgumentException("backward: the tensor is " + y.shape() + " and needs a gradient of "
                    + y.shape().size() + " numbers, but " + dy.length + " were given");
        }
        int last = begin(y);
        System.arraycopy(dy, 0, y.grad(), 0, dy.length);
        run(last);
    }

    /**
     * Forgets the recording and takes all buffers back, so that every tensor made on this tape becomes invalid.
     *
     * <p>Parameters and their gradients stay as they are. Another thread may use the tape from here on.
     */
    public void reset() {
        forget(0);
        generation++;
        backwardDone = false;
        owner = null;
        buffers.rewind(0);
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).onReset();
        }
    }

    /**
     * Adds a listener, which hears of every later operation.
     *
     * @param listener called in the order of adding
     */
    public void addListener(TapeListener listener) {
        listeners.add(listener);
    }

    /**
     * Takes a listener away again, if it is there.
     *
     * @param listener hears of nothing more
     */
    public void removeListener(TapeListener listener) {
        listeners.remove(listener);
    }

    // ---- for operations ----

    /**
     * Returns the kernels that operations on this tape use.
     *
     * @return the kernels of this JVM
     */
    public Kernels kernels() {
        return kernels;
    }

    /**
     * Lends an array to an operation, for what it saves for {@code backward} or needs meanwhile.
     *
     * @param size the number of elements needed
     * @return an array with at least that many elements and undefined content, valid until {@link #reset()}
     * @throws IllegalArgumentException if {@code size} is negative
     */
    public double[] buffer(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("tape: a buffer of " + size + " numbers; it must have at least 0");
        }
        return buffers.take(size);
    }

    /**
     * Returns whether results on this tape keep a gradient, if anything that they were computed from does.
     *
     * @return true for {@link #training()}, false for {@link #inference()}
     */
    public boolean keepsGradients() {
        return training;
    }

    int generation() {
        return generation;
    }

    private Tensor output(Shape shape, boolean needsGrad) {
        double[] data = buffers.take(shape.size());
        if (!needsGrad) {
            return new Tensor(shape, data, null, this, generation);
        }
        double[] grad = buffers.take(shape.size());
        Zeros.write(kernels, grad, shape.size());
        return new Tensor(shape, data, grad, this, generation);
    }

    private void record(Op op, Tensor y) {
        if (recorded == ops.length) {
            ops = Arrays.copyOf(ops, 2 * recorded);
            outputs = Arrays.copyOf(outputs, 2 * recorded);
        }
        ops[recorded] = op;
        outputs[recorded] = y;
        recorded++;
    }

    /** Drops all but the first {@code count} operations. */
    private void forget(int count) {
        Arrays.fill(ops, count, recorded, null);
        Arrays.fill(outputs, count, recorded, null);
        recorded = count;
    }

    /** Checks that backward may start from {@code y} and returns the index of the operation that computed it. */
    private int begin(Tensor y) {
        y.checkNotStale();
        if (backwardDone) {
            throw new IllegalStateException("backward: it has run on this recording already, and the gradients would"
                    + " be added twice; call reset() and record again");
        }
        for (int i = recorded - 1; i >= 0; i--) {
            if (outputs[i] == y) {
                claim();
                return i;
            }
        }
        throw new IllegalStateException("backward: the tensor " + y.shape() + " was not computed on this tape from"
                + " anything that has a gradient"
                + (training ? "" : "; this is an inference tape, use Tape.training()"));
    }

    private void run(int last) {
        backwardDone = true;
        for (int i = last; i >= 0; i--) {
            ops[i].backward(this, outputs[i]);
            for (int l = 0; l < listeners.size(); l++) {
                listeners.get(l).onBackward(ops[i], outputs[i]);
            }
        }
    }

    private void claim() {
        Thread current = Thread.currentThread();
        if (owner == null) {
            owner = current;
        } else if (owner != current) {
            throw new IllegalStateException("tape: thread \"" + current.getName() + "\" uses a tape on which thread \""
                    + owner.getName() + "\" is recording; give each thread its own tape, or call reset() in between");
        }
    }
}

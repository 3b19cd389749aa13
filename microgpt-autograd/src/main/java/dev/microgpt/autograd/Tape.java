package dev.microgpt.autograd;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs operations and records them in order, so that {@link #backward} is a single loop in reverse.
 *
 * <pre>{@code
 * Tape tape = Tape.training();
 * Tensor loss = tape.mean(tape.relu(tape.linear(x, weight)));
 * tape.backward(loss);                      // adds to weight.grad()
 * tape.reset();                             // the next step reuses all buffers
 * }</pre>
 *
 * <p>The tape owns the buffers of all results and hands out the same ones after {@link #reset()}: once it has seen the
 * largest step, a step allocates no array of numbers. An {@linkplain #inference() inference tape} runs the same forward
 * code without gradients.
 *
 * <p>Between two resets a tape belongs to one thread, and others are refused; different tapes may be used concurrently.
 */
public final class Tape implements Operations {
    /**
     * The gradients of results with more elements are set to zero not when these are recorded, but just before they are
     * needed: together they take more memory than the caches, which they would pass through once more.
     */
    private static final int LARGE = 1024;

    private final Kernels kernels = Kernels.active();
    private final BufferPool buffers = new BufferPool();
    private final boolean training;
    private final List<TapeListener> listeners = new ArrayList<>();
    private final List<Hook> hooks = new ArrayList<>();

    private Op[] ops = new Op[64];
    private Tensor[] outputs = new Tensor[64];
    private int recorded;
    private int generation;
    private boolean backwardDone;
    private boolean hasLarge; // a gradient that is not set to zero yet

    /** 1 if the tape has an owner. */
    private final AtomicInteger claimed = new AtomicInteger();

    private @Nullable Thread owner; // of another thread, this may be out of date

    /** 1 while an operation is running: no other thread may reset the tape then. */
    private final AtomicInteger running = new AtomicInteger();

    private Tape(boolean training) {
        this.training = training;
    }

    /** {@return a new tape that records operations and keeps gradients} */
    public static Tape training() {
        return new Tape(true);
    }

    /** {@return a new tape that computes results only: it records nothing and keeps no gradients} */
    public static Tape inference() {
        return new Tape(false);
    }

    @Override
    public Tensor apply(Op op) {
        boolean first = claim();
        int outer = running.get(); // an operation may apply others
        int recordedBefore = recorded;
        int takenBefore = buffers.taken();
        try {
            running.lazySet(1);
            Tensor y = forward(op);
            running.lazySet(outer);
            return y;
        } catch (RuntimeException | Error failure) {
            forget(recordedBefore); // what it had applied before it failed
            buffers.rewind(takenBefore);
            running.lazySet(outer);
            if (first) {
                release();
            }
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
     * Computes the gradient of a scalar with respect to every tensor it depends on, and adds it to
     * {@link Tensor#grad()}.
     *
     * @param loss a tensor with one element, computed on this tape
     * @throws IllegalStateException if the loss has several elements, if it was not computed on this tape from a tensor
     *     that has a gradient, or if backward has run since the last reset
     */
    public void backward(Tensor loss) {
        if (loss.shape().size() != 1) {
            throw new IllegalStateException("backward: the tensor is " + loss.shape() + ", but only a scalar can be"
                    + " a loss; reduce it with sum or mean, or pass the gradient of the loss with respect to it");
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
     * @throws IllegalArgumentException if {@code dy} and {@code y} differ in size
     * @throws IllegalStateException under the conditions of {@link #backward(Tensor)}
     */
    public void backward(Tensor y, double... dy) {
        if (dy.length != y.shape().size()) {
            throw new IllegalArgumentException("backward: the tensor is " + y.shape() + ", so its gradient must have "
                    + y.shape().size() + " numbers, but " + dy.length + " were given");
        }
        int last = begin(y);
        System.arraycopy(dy, 0, y.grad(), 0, dy.length);
        run(last);
    }

    /**
     * Discards the recording and reclaims all buffers, which invalidates every tensor computed on this tape.
     *
     * <p>Parameters and their gradients are not affected. From here on another thread may use the tape.
     *
     * @throws IllegalStateException if an operation is running on another thread
     */
    public void reset() {
        if (running.get() != 0 && owner != Thread.currentThread()) {
            throw refused("resets", "computing; give each thread its own tape");
        }
        forget(0);
        generation++;
        backwardDone = false;
        hasLarge = false;
        buffers.rewind(0);
        release();
        for (int i = 0; i < listeners.size(); i++) {
            listeners.get(i).onReset();
        }
    }

    /**
     * Adds a listener, which is notified of every later operation.
     *
     * @param listener the listener; listeners are called in the order in which they were added
     */
    public void addListener(TapeListener listener) {
        listeners.add(listener);
    }

    /**
     * Removes a listener if it is registered.
     *
     * @param listener the listener, which is not notified of later operations
     */
    public void removeListener(TapeListener listener) {
        listeners.remove(listener);
    }

    /**
     * Adds a hook, which is shown the tensors at all later {@linkplain #point points}.
     *
     * @param hook the hook; hooks are called in the order in which they were added
     */
    public void addHook(Hook hook) {
        hooks.add(Objects.requireNonNull(hook, "tape: hook is null"));
    }

    /**
     * Removes a hook if it is registered.
     *
     * @param hook the hook, which is not called any more
     */
    public void removeHook(Hook hook) {
        hooks.remove(hook);
    }

    /**
     * Returns the recorded operations as a table, in the order in which they were applied.
     *
     * @return for each operation its index, name, the shape of its output, and its inputs: {@code #3} is the output of
     *     operation 3, a name a parameter, and a shape any other tensor. An inference tape records nothing
     */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(training ? "training tape" : "inference tape");
        table.append(" with ").append(recorded).append(" operations");
        for (int i = 0; i < recorded; i++) {
            table.append(String.format(Locale.ROOT, "\n%4d  %-16s %-12s", i, ops[i].name(), outputs[i].shape()));
            for (Tensor input : ops[i].inputs()) {
                table.append(' ').append(label(input));
            }
        }
        return table.toString();
    }

    private String label(Tensor input) {
        for (int i = 0; i < recorded; i++) {
            if (outputs[i] == input) {
                return "#" + i;
            }
        }
        return input instanceof Parameter parameter
                ? parameter.name()
                : input.shape().toString();
    }

    /** {@return the sizes of the buffers that this tape holds and uses again, in elements of 8 bytes} */
    public int[] bufferSizes() {
        return buffers.sizes();
    }

    // ---- for operations ----

    /** {@return the kernels that operations on this tape use, which are those of this JVM} */
    public Kernels kernels() {
        return kernels;
    }

    /**
     * Lends an array to an operation, for intermediate results and for values that it saves for {@code backward}.
     *
     * @param size the number of elements needed
     * @return an array with at least that many elements and undefined contents, valid until {@link #reset()}
     * @throws IllegalArgumentException if {@code size} is negative
     */
    public double[] buffer(int size) {
        if (size < 0) {
            throw new IllegalArgumentException("tape: the size of a buffer is " + size + ", but must be at least 0");
        }
        return buffers.take(size);
    }

    /**
     * Returns whether results on this tape have a gradient if one of their inputs has one.
     *
     * @return true for {@link #training()}, false for {@link #inference()}
     */
    public boolean keepsGradients() {
        return training;
    }

    /**
     * Names a tensor, so that {@linkplain Hook hooks} can see it and put another one in its place.
     *
     * @param name the name of the point, unique in a model, such as {@code layer0.attn_q}
     * @param x    a result of this tape
     * @return {@code x}, unless a hook replaces it
     * @throws IllegalArgumentException if a hook returns a tensor of another shape
     * @throws IllegalStateException    if a hook returns a tensor of another tape, or of this one before it was reset
     */
    public Tensor point(String name, Tensor x) {
        Tensor seen = x;
        for (int i = 0; i < hooks.size(); i++) {
            seen = checked(name, seen, hooks.get(i).at(this, name, seen));
        }
        return seen;
    }

    private Tensor checked(String name, Tensor x, @Nullable Tensor replacement) {
        if (replacement == null || !replacement.shape().equals(x.shape())) {
            throw new IllegalArgumentException(
                    "point " + name + ": the tensor is " + x.shape() + ", but a hook returns "
                            + (replacement == null ? "null" : replacement.shape())
                            + "; it must return the tensor that it is shown, or one of the same shape");
        }
        if (!replacement.isUsableOn(this)) {
            throw new IllegalStateException("point " + name + ": a hook returns a tensor " + x.shape()
                    + " of another tape, or from before a reset; copy its values to a constant instead");
        }
        return replacement;
    }

    int generation() {
        return generation;
    }

    private Tensor output(Shape shape, boolean needsGrad) {
        double[] data = buffers.take(shape.size());
        double[] lent = needsGrad ? buffers.take(shape.size()) : null;
        Tensor y = new Tensor(shape, data, lent, this, generation);
        if (shape.size() <= LARGE) {
            y.makeLentGrad();
        } else if (needsGrad) {
            hasLarge = true;
        }
        return y;
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

    /** Discards all operations but the first {@code count}. */
    private void forget(int count) {
        Arrays.fill(ops, count, recorded, null);
        Arrays.fill(outputs, count, recorded, null);
        recorded = count;
    }

    /** Checks that backward may start from {@code y} and returns the index of the operation that computed it. */
    private int begin(Tensor y) {
        y.checkNotStale();
        if (backwardDone) {
            throw new IllegalStateException("backward: it has already run on this recording, and running it again would"
                    + " add all gradients twice; call reset() and record again");
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
        running.lazySet(1);
        try {
            for (int i = last; i >= 0; i--) {
                if (hasLarge) {
                    makeGradients(ops[i], outputs[i]);
                }
                ops[i].backward(this, outputs[i]);
                for (int l = 0; l < listeners.size(); l++) {
                    listeners.get(l).onBackward(ops[i], outputs[i]);
                }
            }
        } finally {
            running.lazySet(0);
        }
    }

    /** Makes the gradients of large results that an operation reads and adds to. */
    private static void makeGradients(Op op, Tensor y) {
        y.makeLentGrad();
        List<Tensor> inputs = op.inputs();
        for (int i = 0; i < inputs.size(); i++) {
            inputs.get(i).makeLentGrad();
        }
    }

    /** Makes the tape the current thread's until it is reset; returns whether it was nobody's before. */
    private boolean claim() {
        Thread current = Thread.currentThread();
        if (owner == current) {
            return false;
        }
        if (!claimed.compareAndSet(0, 1)) {
            throw refused("uses", "recording; give each thread its own tape, or call reset() in between");
        }
        owner = current;
        return true;
    }

    private void release() {
        owner = null;
        claimed.lazySet(0);
    }

    private IllegalStateException refused(String uses, String what) {
        Thread other = owner;
        return new IllegalStateException("tape: thread \""
                + Thread.currentThread().getName() + "\" " + uses
                + " a tape on which " + (other == null ? "another thread" : "thread \"" + other.getName() + "\"")
                + " is " + what);
    }
}

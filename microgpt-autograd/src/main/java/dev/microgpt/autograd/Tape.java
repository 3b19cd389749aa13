package dev.microgpt.autograd;

import dev.microgpt.autograd.op.Add;
import dev.microgpt.autograd.op.CausalAttention;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.autograd.op.Embedding;
import dev.microgpt.autograd.op.Gelu;
import dev.microgpt.autograd.op.GeluTanh;
import dev.microgpt.autograd.op.LayerNorm;
import dev.microgpt.autograd.op.Linear;
import dev.microgpt.autograd.op.MatMul;
import dev.microgpt.autograd.op.Mean;
import dev.microgpt.autograd.op.Multiply;
import dev.microgpt.autograd.op.Relu;
import dev.microgpt.autograd.op.RmsNorm;
import dev.microgpt.autograd.op.Scale;
import dev.microgpt.autograd.op.Softmax;
import dev.microgpt.autograd.op.Sum;
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
public final class Tape {
    private final Kernels kernels = Kernels.active();
    private final BufferPool buffers = new BufferPool();
    private final boolean training;

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

    // ---- the operations ----

    /**
     * Picks rows of a table, see {@link Embedding}.
     *
     * @param table one row for each id, shape {@code (V, C)}
     * @param ids   the rows to pick, each from 0 to {@code V − 1}
     * @return the rows, shape {@code (ids.length, C)}
     */
    public Tensor embedding(Tensor table, int... ids) {
        return apply(new Embedding(table, ids));
    }

    /**
     * Multiplies by a transposed weight: {@code y = x·wᵀ}, see {@link Linear}.
     *
     * @param x      input, shape {@code (T, in)}
     * @param weight weight, shape {@code (out, in)}
     * @return shape {@code (T, out)}
     */
    public Tensor linear(Tensor x, Tensor weight) {
        return apply(new Linear(x, weight, null));
    }

    /**
     * Multiplies by a transposed weight and adds a bias: {@code y = x·wᵀ + b}, see {@link Linear}.
     *
     * @param x      input, shape {@code (T, in)}
     * @param weight weight, shape {@code (out, in)}
     * @param bias   added to each row, shape {@code (out)}
     * @return shape {@code (T, out)}
     */
    public Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return apply(new Linear(x, weight, bias));
    }

    /**
     * Multiplies two matrices: {@code y = a·b}, see {@link MatMul}.
     *
     * @param a left factor, shape {@code (M, K)}
     * @param b right factor, shape {@code (K, N)}
     * @return shape {@code (M, N)}
     */
    public Tensor matmul(Tensor a, Tensor b) {
        return apply(new MatMul(a, b));
    }

    /**
     * Adds element by element, or one row to every row: {@code y = a + b}, see {@link Add}.
     *
     * @param a first summand
     * @param b second summand, of the shape of {@code a} or, to be added to each of its rows, {@code (C)}
     * @return the shape of {@code a}
     */
    public Tensor add(Tensor a, Tensor b) {
        return apply(new Add(a, b));
    }

    /**
     * Multiplies element by element: {@code y = a · b}, see {@link Multiply}.
     *
     * @param a first factor
     * @param b second factor, of the same shape
     * @return the same shape
     */
    public Tensor multiply(Tensor a, Tensor b) {
        return apply(new Multiply(a, b));
    }

    /**
     * Multiplies every element by one constant: {@code y = factor · x}, see {@link Scale}.
     *
     * @param x      input
     * @param factor the constant
     * @return the same shape
     */
    public Tensor scale(Tensor x, double factor) {
        return apply(new Scale(x, factor));
    }

    /**
     * Replaces negative elements by zero: {@code y = max(0, x)}, see {@link Relu}.
     *
     * @param x input
     * @return the same shape
     */
    public Tensor relu(Tensor x) {
        return apply(new Relu(x));
    }

    /**
     * Applies the Gaussian error linear unit {@code y = x·Φ(x)}, see {@link Gelu}.
     *
     * @param x input
     * @return the same shape
     */
    public Tensor gelu(Tensor x) {
        return apply(new Gelu(x));
    }

    /**
     * Applies GPT-2's approximation of the Gaussian error linear unit by a hyperbolic tangent, see {@link GeluTanh}.
     *
     * @param x input
     * @return the same shape
     */
    public Tensor geluTanh(Tensor x) {
        return apply(new GeluTanh(x));
    }

    /**
     * Scales each row to unit root mean square: {@code y = x / sqrt(mean(x²) + eps)}, see {@link RmsNorm}.
     *
     * @param x   input, shape {@code (T, C)}
     * @param eps added to the mean square, dimensionless, positive
     * @return the same shape
     */
    public Tensor rmsNorm(Tensor x, double eps) {
        return apply(new RmsNorm(x, eps));
    }

    /**
     * Shifts and scales each row to mean 0 and variance 1, then applies gain and bias, see {@link LayerNorm}.
     *
     * @param x    input, shape {@code (T, C)}
     * @param gain factor of each column, shape {@code (C)}
     * @param bias added to each column, shape {@code (C)}, or null for none
     * @param eps  added to the variance, dimensionless, positive
     * @return the same shape
     */
    public Tensor layerNorm(Tensor x, Tensor gain, @Nullable Tensor bias, double eps) {
        return apply(new LayerNorm(x, gain, bias, eps));
    }

    /**
     * Turns each row into probabilities: {@code y = exp(x) / Σ exp(x)}, see {@link Softmax}.
     *
     * @param x input, shape {@code (T, C)}
     * @return the same shape
     */
    public Tensor softmax(Tensor x) {
        return apply(new Softmax(x));
    }

    /**
     * Lets every row of each sequence look at itself and the rows before it, see {@link CausalAttention}.
     *
     * @param q         queries, shape {@code (T, C)}
     * @param k         keys, shape {@code (T, C)}
     * @param v         values, shape {@code (T, C)}
     * @param heads     the number of heads, a divisor of {@code C}
     * @param sequences where the sequences start
     * @return shape {@code (T, C)}
     */
    public Tensor causalAttention(Tensor q, Tensor k, Tensor v, int heads, Sequences sequences) {
        return apply(new CausalAttention(q, k, v, heads, sequences, sequences));
    }

    /**
     * Returns the mean cross-entropy, in nats, of the softmax of each row against its target, see {@link CrossEntropy}.
     *
     * @param logits  one row of scores for each target, shape {@code (T, V)}
     * @param targets the right column of each row, from 0 to {@code V − 1}
     * @return a scalar
     */
    public Tensor crossEntropy(Tensor logits, int... targets) {
        return apply(new CrossEntropy(logits, targets, targets.length));
    }

    /**
     * Adds up all elements, see {@link Sum}.
     *
     * @param x input
     * @return a scalar
     */
    public Tensor sum(Tensor x) {
        return apply(new Sum(x));
    }

    /**
     * Averages all elements, see {@link Mean}.
     *
     * @param x input
     * @return a scalar
     */
    public Tensor mean(Tensor x) {
        return apply(new Mean(x));
    }

    // ---- recording and running backward ----

    /**
     * Runs an operation forward and records it.
     *
     * <p>If the operation throws, the tape is as it was before.
     *
     * @param op the operation; an object is applied once
     * @return its output, valid until {@link #reset()}
     * @throws IllegalStateException if an input belongs to another tape or to a recording before a reset, if
     *     {@link #backward} has run since the last reset, or if another thread is recording on this tape
     */
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
     */
    public double[] buffer(int size) {
        return buffers.take(size);
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
        Zeros.write(grad, shape.size());
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

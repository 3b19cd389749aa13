package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.internal.LogOnePlus;
import java.util.List;

/**
 * The mean binary cross-entropy, in nats, between the sigmoid of each of {@code n} logits and its target {@code z}:
 * {@code y = Σ (−z·log(σ(x)) − (1 − z)·log(1 − σ(x))) / n}.
 *
 * <p>Gradient: {@code dx = (σ(x) − z) · dy / n}. With {@code e = exp(−|x|)}, a term is computed as
 * {@code max(x, 0)·(1 − z) + max(−x, 0)·z + log(1 + e)}: nothing overflows, and small results keep all their digits.
 */
public final class BinaryCrossEntropyWithLogits extends RowOp {
    /** Multiply-adds per element, most of them for its exponential. */
    private static final long WORK = 16;

    private final Tensor logits;
    private final double[] targets;
    private double[] exp = {};
    private double[] term = {};

    /**
     * Creates the operation.
     *
     * @param logits  the logarithms of the odds, any shape
     * @param targets the probability that each should give, from 0 to 1, in the order of the logits; not copied and not
     *     to be modified until the tape is reset
     * @throws IllegalArgumentException if there is not one target for each logit, or if a target is not from 0 to 1
     */
    public BinaryCrossEntropyWithLogits(Tensor logits, double... targets) {
        this.logits = Checks.notNull(this, "logits", logits);
        this.targets = targets;
        if (logits.shape().size() != targets.length) {
            throw new IllegalArgumentException(name() + ": logits is " + logits.shape()
                    + " but the number of targets is " + targets.length + "; each logit needs one target");
        }
        for (int i = 0; i < targets.length; i++) {
            if (!(targets[i] >= 0 && targets[i] <= 1)) {
                throw new IllegalArgumentException(
                        name() + ": targets[" + i + "] is " + targets[i] + ", but must be from 0 to 1");
            }
        }
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(logits);
    }

    @Override
    public Shape shape() {
        return Shape.scalar();
    }

    @Override
    protected int items() {
        return targets.length;
    }

    @Override
    protected long work() {
        return WORK * items();
    }

    @Override
    protected void reserve(Tape tape) {
        exp = tape.buffer(items());
        term = tape.buffer(items());
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        super.forward(tape, y);
        y.data()[0] = tape.kernels().sum(term, 0, items()) / items();
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        double[] x = logits.data();
        double[] e = exp;
        for (int i = from; i < to; i++) {
            term[i] = -Math.abs(x[i]);
        }
        kernels.exp(term, from, 0.0, e, from, to - from);
        LogOnePlus.of(kernels, e, term, from, to);
        for (int i = from; i < to; i++) {
            term[i] = Math.max(x[i], 0.0) * (1.0 - targets[i]) + Math.max(-x[i], 0.0) * targets[i] + term[i];
        }
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        double slope = y.grad()[0] / items();
        double[] x = logits.data();
        double[] dx = logits.grad();
        double[] e = exp;
        // dx = (σ(x) − z) · dy / n,  where σ(x) is 1 / (1 + e) or e / (1 + e), over the common denominator
        for (int i = from; i < to; i++) {
            double z = targets[i];
            double numerator = x[i] < 0 ? e[i] * (1.0 - z) - z : (1.0 - z) - e[i] * z;
            dx[i] += numerator / (1.0 + e[i]) * slope;
        }
    }
}

package dev.microgpt.autograd.op;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.RowOp;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The cross-entropy, in nats, between the softmax of each row and its target:
 * {@code y = Σₜ −log(p[t, target[t]]) / N} with {@code p = softmax(x)}.
 *
 * <p>Gradient: {@code dx = (p − onehot(target)) · dy / N}, where {@code onehot} is 1 in the column of the target and 0
 * in the others. If a step computes its batch in parts (gradient accumulation), {@code N} is the number of targets of
 * the whole step.
 */
public final class CrossEntropy extends RowOp {
    /** Multiply-adds per element, most of them for its exponential. */
    private static final long WORK = 8;

    private final Tensor logits;
    private final int[] targets;
    private final double denominator;
    private double[] p = {};
    private double[] loss = {};
    private double[] shifted = {};

    /**
     * Creates the operation.
     *
     * @param logits      unnormalized log-probabilities, shape {@code (T, V)}
     * @param targets     the correct column of each row, {@code T} indices from 0 to {@code V − 1}; not copied and not
     *     to be modified until the tape is reset
     * @param denominator the divisor {@code N} of the sum; the number of targets gives the mean
     * @throws IllegalArgumentException if there is not one target for each row, if a target is out of range, or if the
     *     denominator is not positive and finite
     */
    public CrossEntropy(Tensor logits, int[] targets, double denominator) {
        this.logits = logits;
        this.targets = targets;
        this.denominator = denominator;
        Checks.matrix(this, "logits", logits);
        if (logits.shape().rows() != targets.length) {
            throw new IllegalArgumentException("crossEntropy: logits is " + logits.shape()
                    + " but the number of targets is " + targets.length + "; each row needs one target");
        }
        Checks.indices(this, "targets", targets, logits.shape().columns(), "logits", logits);
        Checks.positive(this, "denominator", denominator);
    }

    @Override
    public List<Tensor> inputs() {
        return List.of(logits);
    }

    @Override
    public Shape shape() {
        return Shape.scalar();
    }

    /**
     * {@return {@code probabilities}, shape {@code (T, V)}: the softmax of each row; and {@code loss}, shape
     * {@code (T)}: −log p of each target, in nats}
     */
    @Override
    public Map<String, Tensor> details() {
        double[] losses = new double[targets.length];
        for (int t = 0; t < losses.length; t++) {
            losses[t] = loss(t);
        }
        Shape shape = logits.shape();
        Map<String, Tensor> details = new LinkedHashMap<>();
        details.put("probabilities", Tensor.constant(shape, Arrays.copyOf(p, shape.size())));
        details.put("loss", Tensor.constant(Shape.of(losses.length), losses));
        return details;
    }

    @Override
    protected int items() {
        return targets.length;
    }

    @Override
    protected long work() {
        return WORK * logits.shape().size();
    }

    @Override
    protected long backwardWork() {
        return logits.shape().size();
    }

    @Override
    protected void reserve(Tape tape) {
        p = tape.buffer(logits.shape().size());
        loss = tape.buffer(targets.length);
        shifted = tape.buffer(targets.length);
    }

    @Override
    public void forward(Tape tape, Tensor y) {
        super.forward(tape, y);
        double total = 0; // one chain in the order of the rows, whatever the number of threads
        for (int t = 0; t < targets.length; t++) {
            total += loss(t);
        }
        y.data()[0] = total / denominator;
    }

    /**
     * Returns the loss of one row, before the division by {@code N}. It is valid after {@code forward}, until the tape
     * is reset.
     *
     * @param row the row of the logits, from 0
     * @return −log p of its target, in nats
     */
    public double loss(int row) {
        return loss[row] - shifted[row];
    }

    @Override
    protected void forward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = logits.shape().columns();
        double[] x = logits.data();
        for (int t = from, row = from * columns; t < to; t++, row += columns) {
            // −log(exp(x − max) / Σ exp(x − max)) = log(Σ exp(x − max)) − (x − max), which never takes log(0)
            double max = kernels.max(x, row, columns);
            kernels.exp(x, row, max, p, row, columns);
            double sum = kernels.sum(p, row, columns);
            kernels.scale(1.0 / sum, p, row, p, row, columns);
            loss[t] = sum;
            shifted[t] = x[row + targets[t]] - max;
        }
        kernels.log(loss, from, loss, from, to - from);
    }

    @Override
    protected void backward(Kernels kernels, Tensor y, int part, int from, int to) {
        int columns = logits.shape().columns();
        double[] dLogits = logits.grad();
        double dy = y.grad()[0] / denominator;
        // y = Σₜ −log(p[t, target[t]]) / N   ⇒   dx = (p − onehot(target)) · dy / N
        kernels.axpy(dy, p, from * columns, dLogits, from * columns, (to - from) * columns);
        for (int t = from; t < to; t++) {
            dLogits[t * columns + targets[t]] -= dy;
        }
    }
}

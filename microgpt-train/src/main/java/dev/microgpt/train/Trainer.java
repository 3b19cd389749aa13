package dev.microgpt.train;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model: for each step a batch, its gradients, one update.
 *
 * <pre>{@code
 * Adam adam = new Adam(gpt.parameters().all(), 0.85, 0.99, 1e-8);
 * Trainer trainer = new Trainer(gpt, batcher, adam, LearningRate.linearDecay(0.01, 1000));
 * trainer.run(1000);
 * }</pre>
 *
 * <p>{@link #addGradients} and {@link #update} are the two halves of a step; call them yourself where gradients come
 * from several batches or from elsewhere. Not thread-safe.
 */
public final class Trainer {
    private final Gpt gpt;
    private final List<Parameter> parameters;
    private final BatchSource batches;
    private final Optimizer optimizer;
    private final LearningRate learningRate;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private final Tape tape = Tape.training();
    private int step;

    /**
     * Creates a trainer before its first step.
     *
     * @param gpt          the model
     * @param batches      gives each step its batch
     * @param optimizer    updates the parameters of the model
     * @param learningRate the rate of each step
     */
    public Trainer(Gpt gpt, BatchSource batches, Optimizer optimizer, LearningRate learningRate) {
        this.gpt = gpt;
        this.parameters = gpt.parameters().all();
        this.batches = batches;
        this.optimizer = optimizer;
        this.learningRate = learningRate;
    }

    /**
     * Adds a listener, which hears of every later step.
     *
     * @param listener called after each update, in the order of adding
     */
    public void addListener(TrainingListener listener) {
        listeners.add(listener);
    }

    /**
     * Continues a run at a step; model and optimizer must be as they were then.
     *
     * @param done how many steps are done, at least 0
     * @throws IllegalArgumentException if the number is negative
     */
    public void resumeAt(int done) {
        if (done < 0) {
            throw new IllegalArgumentException(
                    "trainer: the number of steps done is " + done + ", but must be at least 0");
        }
        step = done;
    }

    /**
     * Trains until a number of steps is done.
     *
     * @param steps the number of steps since the beginning of the run, not since this call
     * @throws TrainingDivergedException if a loss or a gradient is NaN or infinite; the step is not counted, and the
     *     parameters stay those of the step before
     */
    public void run(int steps) {
        while (step < steps) {
            long start = System.nanoTime();
            Batch batch = batches.batch(step, 0, 1);
            double loss = addGradients(batch, batch.targets().length);
            double squares = squares();
            String broken = broken(loss, squares);
            if (broken != null) {
                gpt.parameters().zeroGrad();
                throw new TrainingDivergedException(step + 1, broken);
            }
            double rate = learningRate.at(step);
            update(rate);
            long nanos = System.nanoTime() - start;
            int tokens = batch.targets().length;
            TrainingStep done = new TrainingStep(step, loss, rate, Math.sqrt(squares), tokens, nanos);
            for (TrainingListener listener : listeners) {
                listener.onStep(done);
            }
        }
    }

    /** Returns the sum of the squares of all gradients, not finite if one is not, or if Adam could not hold its square. */
    private double squares() {
        double sum = 0;
        for (Parameter parameter : parameters) {
            double[] grad = parameter.grad();
            sum += Kernels.active().dot(grad, 0, grad, 0, grad.length);
        }
        return sum;
    }

    /** Returns why an update would destroy the model, or null if it would not. */
    private @Nullable String broken(double loss, double squares) {
        if (!Double.isFinite(loss)) {
            return "the loss is " + loss;
        }
        for (Parameter parameter : parameters) {
            double[] grad = parameter.grad();
            double own = Double.isFinite(squares) ? 0 : Kernels.active().dot(grad, 0, grad, 0, grad.length);
            if (!Double.isFinite(own)) {
                return "the squares of the gradient of " + parameter + " add up to " + own;
            }
        }
        return Double.isFinite(squares) ? null : "the squares of all gradients add up to " + squares;
    }

    /**
     * Adds the gradients of one batch to those of the parameters.
     *
     * @param batch       the batch
     * @param denominator the number of targets of the whole step, of which this batch may be a part
     * @return this batch's part of the loss of the step, in nats
     */
    public double addGradients(Batch batch, int denominator) {
        tape.reset();
        Tensor logits = gpt.forward(tape, batch);
        Tensor loss = tape.apply(new CrossEntropy(logits, batch.targets(), denominator));
        tape.backward(loss);
        return loss.item();
    }

    /**
     * Updates the parameters by their gradients, sets these to zero and counts the step.
     *
     * @param rate the learning rate
     */
    public void update(double rate) {
        optimizer.step(rate);
        gpt.parameters().zeroGrad();
        step++;
    }

    /**
     * Returns how many steps are done.
     *
     * @return the number of updates since the beginning of the run
     */
    public int step() {
        return step;
    }
}

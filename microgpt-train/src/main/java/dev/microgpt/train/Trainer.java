package dev.microgpt.train;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Kernels;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.TapeListener;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.FiniteCheck;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Batch;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.train.data.BatchSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The training loop: each step computes the gradients of one or several batches and updates the model once.
 *
 * <pre>{@code
 * TrainingConfig training = TrainingConfig.microgpt();
 * Adam adam = new Adam(model.parameters().all(), training.adam());
 * Trainer trainer = new Trainer(model, batcher, adam, training);
 * trainer.run(training.steps());
 * }</pre>
 *
 * <p>{@link #addGradients} and {@link #update} are the two halves of a step. Call them yourself where gradients are
 * combined in another way, with {@link Gradients} in between to clip them.
 *
 * <p>Confined to one thread at a time. During a step, no other thread may train, save, evaluate or generate with the
 * model, which throws an {@link IllegalStateException}: do so in a {@link TrainingListener}, or between two calls.
 */
public final class Trainer {
    /** "drop" in ASCII: separates this use of a seed from others. */
    private static final long DROPOUT = 0x64726f70L;

    private final LanguageModel model;
    private final List<Parameter> parameters;
    private final BatchSource batches;
    private final Optimizer optimizer;
    private final LearningRate learningRate;
    private final Gradients gradients;
    private final int parts;
    private final double gradClip;
    private final CounterRandom dropout;
    private final @Nullable Loss loss;
    private final @Nullable GradientSums sums; // null if each micro-batch continues the sums of the one before
    private @Nullable GradientWorkers workers;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private final Tape tape = Tape.training();
    private int step;

    /**
     * Creates a trainer with one batch per step, without clipping, and with seed 0 for dropout.
     *
     * @param model        the model
     * @param batches      the batch of each step
     * @param optimizer    updates the parameters of the model, or some of them
     * @param learningRate the learning rate of each step
     * @throws IllegalArgumentException if the optimizer has a parameter of another model
     */
    public Trainer(LanguageModel model, BatchSource batches, Optimizer optimizer, LearningRate learningRate) {
        this(model, batches, optimizer, learningRate, 1, false, 0, 0, null);
    }

    /**
     * Creates a trainer that uses the schedule, the gradient accumulation, the clipping and the seed of a
     * configuration.
     *
     * @param model     the model
     * @param batches   the batches of each step; their size is the source's
     * @param optimizer updates the parameters of the model, or some of them
     * @param training  the configuration; the seed is that of dropout
     * @throws IllegalArgumentException if the optimizer has a parameter of another model
     */
    public Trainer(LanguageModel model, BatchSource batches, Optimizer optimizer, TrainingConfig training) {
        this(model, batches, optimizer, training, null);
    }

    /**
     * Creates a trainer that minimizes a loss of your own, and otherwise uses a configuration. Evaluations and
     * checkpoints know nothing of it: an {@link Evaluator} computes the cross-entropy, and a resumed run needs a
     * trainer with the same loss.
     *
     * @param model     the model
     * @param batches   the batches of each step; their size is the source's
     * @param optimizer updates the parameters of the model, or some of them
     * @param training  the configuration; the seed is that of dropout
     * @param loss      the loss; null for the cross-entropy
     * @throws IllegalArgumentException if the optimizer has a parameter of another model
     */
    public Trainer(
            LanguageModel model,
            BatchSource batches,
            Optimizer optimizer,
            TrainingConfig training,
            @Nullable Loss loss) {
        this(
                model,
                batches,
                optimizer,
                training.schedule().over(training.steps()),
                training.gradientAccumulationSteps(),
                training.separateGradients(),
                training.gradClip(),
                training.seed(),
                loss);
    }

    private Trainer(
            LanguageModel model,
            BatchSource batches,
            Optimizer optimizer,
            LearningRate learningRate,
            int parts,
            boolean isSeparate,
            double gradClip,
            long seed,
            @Nullable Loss loss) {
        this.model = model;
        this.parameters = model.parameters().all();
        this.batches = Objects.requireNonNull(batches, "trainer: batches is null");
        this.optimizer = checked(Objects.requireNonNull(optimizer, "trainer: optimizer is null"), parameters);
        this.learningRate = Objects.requireNonNull(learningRate, "trainer: learningRate is null");
        this.gradients = new Gradients(parameters);
        this.parts = parts;
        this.gradClip = gradClip;
        this.dropout = new CounterRandom(seed).child(DROPOUT);
        this.loss = loss;
        this.sums = isSeparate ? new GradientSums(parameters) : null;
    }

    /**
     * Rejects a model for inference, and an optimizer of another model. Some of the parameters are enough: the others
     * are not trained.
     */
    private static Optimizer checked(Optimizer optimizer, List<Parameter> parameters) {
        for (Parameter parameter : parameters) {
            if (parameter.packed() != null) {
                throw new IllegalArgumentException("trainer: parameter \"" + parameter.name()
                        + "\" is packed for inference and cannot be trained; load the model with load instead of"
                        + " loadForInference, or train the model of which forInference made a copy");
            }
        }
        Set<Parameter> own = new HashSet<>(parameters);
        for (Parameter parameter : optimizer.parameters()) {
            if (!own.contains(parameter)) {
                throw new IllegalArgumentException("trainer: the optimizer updates parameter \"" + parameter.name()
                        + "\" of another model and would leave this one as it is; create it with"
                        + " model.parameters().all() of the model to train");
            }
        }
        return optimizer;
    }

    /**
     * Trains until the run has the given number of steps. A step for which the source has no sequence is counted, but
     * changes neither parameters nor optimizer.
     *
     * @param steps the number of steps since the beginning of the run, not since this call
     * @throws IllegalArgumentException  if the model refuses a batch; the step is not counted
     * @throws TrainingDivergedException if a loss or a gradient is NaN or infinite, which leaves the parameters as they
     *     were after the previous step, or if the update itself diverged; the step is not counted
     * @throws IllegalStateException     if another thread is training the model; the step is not counted
     */
    public void run(int steps) {
        while (step < steps) {
            notifyListeners(oneStep(null));
        }
    }

    /**
     * Does the next step as {@link #run} does, and returns its numbers weight by weight.
     *
     * @param differences the number of weights of each parameter whose gradient is also estimated by a central
     *     difference of the loss, which costs two forward passes of the batch each: those with the largest gradients
     * @return the step; it stays valid
     * @throws IllegalArgumentException  if {@code differences} is negative, or the model refuses a batch; the step is
     *     not counted
     * @throws TrainingDivergedException as {@link #run}
     * @throws IllegalStateException     as {@link #run}
     */
    public InspectedStep inspect(int differences) {
        StepInspector inspector = new StepInspector(parameters, differences);
        TrainingStep done = oneStep(inspector);
        notifyListeners(done);
        return inspector.inspected(done);
    }

    private void notifyListeners(TrainingStep done) {
        for (TrainingListener listener : listeners) {
            listener.onStep(done);
        }
    }

    private TrainingStep oneStep(@Nullable StepInspector inspector) {
        ParameterUpdates.claim(parameters);
        try {
            return tryStep(inspector);
        } catch (RuntimeException | Error failure) {
            model.parameters().zeroGrad(); // the next attempt must not add to what a part of this step left
            throw failure;
        } finally {
            ParameterUpdates.end(parameters);
        }
    }

    private TrainingStep tryStep(@Nullable StepInspector inspector) {
        long start = System.nanoTime();
        Batch[] microBatches = microBatches(batches);
        if (microBatches.length == 0) {
            return new TrainingStep(++step, 0, learningRate.at(step - 1), 0, 0, System.nanoTime() - start);
        }
        long tokens = targets(microBatches);
        double loss = addGradients(microBatches, tokens);
        double squares = gradients.squares();
        String broken = broken(loss, squares);
        if (broken != null) {
            throw TrainingDivergedException.beforeUpdate(step + 1, broken + origin(microBatches, tokens));
        }
        if (inspector != null) {
            inspector.beforeUpdate(() -> loss(microBatches, tokens));
        }
        double norm = Math.sqrt(squares);
        gradients.clip(norm, gradClip);
        double rate = learningRate.at(step);
        update(rate);
        return new TrainingStep(step, loss, rate, norm, tokens, System.nanoTime() - start);
    }

    private Batch[] microBatches(BatchSource source) {
        Batch[] microBatches = new Batch[parts];
        CounterRandom random = dropout.child(step);
        int count = 0;
        int sequences = 0;
        for (int part = 0; part < parts; part++) {
            Batch batch = source.batch(step, part, parts);
            if (batch != null) {
                microBatches[count++] = batch.withRandom(random, sequences);
                sequences += batch.sequences().count();
            }
        }
        return count == parts ? microBatches : Arrays.copyOf(microBatches, count);
    }

    private static long targets(Batch... microBatches) {
        long targets = 0;
        for (Batch batch : microBatches) {
            targets += batch.targets().length;
        }
        return targets;
    }

    private double loss(Batch[] microBatches, long tokens) {
        Tape forward = Tape.inference();
        double sum = 0;
        for (Batch batch : microBatches) {
            forward.reset();
            sum += loss(forward, batch, tokens).item();
        }
        return sum;
    }

    private double addGradients(Batch[] microBatches, long tokens) {
        if (workers != null) {
            return workers.addGradients(model, List.of(microBatches), tokens);
        }
        double loss = 0;
        if (sums != null && microBatches.length > 1) {
            sums.begin();
            for (Batch batch : microBatches) {
                model.parameters().zeroGrad();
                loss += addGradients(batch, tokens);
                sums.add();
            }
            sums.end();
            return loss;
        }
        for (Batch batch : microBatches) {
            loss += addGradients(batch, tokens);
        }
        return loss;
    }

    /**
     * Adds the gradients that the next step has on the batches of another source, with its random numbers for dropout.
     *
     * @param source      the batches, such as {@link dev.microgpt.train.data.Batcher#keeping} some documents
     * @param denominator the number of targets that the sum of the losses is divided by
     * @return the loss; 0 if the source has no sequence for the step
     * @throws IllegalStateException if another thread is training the model
     */
    public double addStepGradients(BatchSource source, long denominator) {
        return addGradients(microBatches(source), denominator);
    }

    /**
     * Adds the gradients of one batch to those of the parameters.
     *
     * @param batch       the batch, with targets
     * @param denominator the number of targets of the whole step, of which this batch may be a part
     * @return the contribution of this batch to the mean loss of the step; in nats, if it is the cross-entropy
     * @throws IllegalStateException if another thread is training the model
     */
    public double addGradients(Batch batch, long denominator) {
        ParameterUpdates.claim(parameters);
        try {
            tape.reset();
            Tensor result = loss(tape, batch, denominator);
            tape.backward(result);
            return result.item();
        } finally {
            ParameterUpdates.end(parameters);
        }
    }

    private Tensor loss(Tape on, Batch batch, long denominator) {
        Tensor logits = model.forward(on, batch);
        return loss == null
                ? on.apply(new CrossEntropy(logits, batch.targets(), denominator))
                : loss.of(on, logits, batch, denominator);
    }

    /**
     * Updates the parameters by their gradients, zeroes the gradients and counts the step.
     *
     * @param rate the learning rate
     * @throws TrainingDivergedException if the optimizer finds a number that is NaN or infinite after the update
     * @throws IllegalStateException     if another thread is training the model
     */
    public void update(double rate) {
        ParameterUpdates.begin(parameters);
        try {
            optimizer.step(rate);
            model.parameters().zeroGrad();
            step++;
        } finally {
            ParameterUpdates.end(parameters);
        }
    }

    /**
     * Returns why an update would destroy the model, or null if it would not: the loss or a gradient is not finite, or
     * a squared gradient is too large for Adam.
     */
    private @Nullable String broken(double loss, double squares) {
        if (!Double.isFinite(loss)) {
            return "the loss is " + loss;
        }
        if (Double.isFinite(squares)) {
            return null;
        }
        for (Parameter parameter : parameters) {
            double[] grad = parameter.grad();
            String broken = FiniteCheck.notFinite(parameter.shape(), grad);
            if (broken != null) {
                return "the gradient of " + parameter.name() + " is " + broken;
            }
            double own = Kernels.active().dot(grad, 0, grad, 0, grad.length);
            if (!Double.isFinite(own)) {
                return "the squares of the gradient of " + parameter.name() + " " + parameter.shape() + " add up to "
                        + own;
            }
        }
        return "the squares of all gradients add up to " + squares;
    }

    /** Repeats the step with a check of every number, and names the operation that made the first one not finite. */
    private String origin(Batch[] microBatches, long tokens) {
        FiniteCheck check = new FiniteCheck();
        model.parameters().zeroGrad();
        tape.addListener(check);
        try {
            for (Batch batch : microBatches) {
                addGradients(batch, tokens);
            }
        } finally {
            tape.removeListener(check);
        }
        return check.found() == null ? ", and no operation made it" : ": " + check.found();
    }

    /**
     * Lets others compute the gradients of later steps. They give the bits that this trainer computes without them.
     *
     * @param workers compute the gradients of all micro-batches of a step
     * @throws IllegalStateException if the gradients of micro-batches are not to be {@linkplain
     *     TrainingConfig#separateGradients separate}, or if there is a loss of your own
     */
    public void delegateTo(GradientWorkers workers) {
        if (sums == null || loss != null) {
            throw new IllegalStateException("trainer: others can only compute the gradients of micro-batches if these"
                    + " are separate and the loss is the cross-entropy, but "
                    + (loss != null
                            ? "the trainer has a loss of its own"
                            : "each continues the sums of the one before; use"
                                    + " TrainingConfig.withSeparateGradients(true)"));
        }
        this.workers = Objects.requireNonNull(workers, "trainer: workers is null");
    }

    /**
     * Adds a listener that is notified of each later step.
     *
     * @param listener called after each update, in the order of adding
     */
    public void addListener(TrainingListener listener) {
        listeners.add(Objects.requireNonNull(listener, "trainer: listener is null"));
    }

    /**
     * Adds a listener that is notified of each operation of later steps.
     *
     * @param listener called after each operation, in the order of adding
     */
    public void addListener(TapeListener listener) {
        tape.addListener(listener);
    }

    /**
     * Resumes a run after the given number of steps; the caller restores model and optimizer to their state at that
     * time.
     *
     * @param done the number of steps done, at least 0
     * @throws IllegalArgumentException if the number is negative
     */
    public void resumeAt(int done) {
        if (done < 0) {
            throw new IllegalArgumentException(
                    "trainer: the number of steps done is " + done + ", but must be at least 0");
        }
        step = done;
    }

    /** {@return the number of steps since the beginning of the run} */
    public int step() {
        return step;
    }
}

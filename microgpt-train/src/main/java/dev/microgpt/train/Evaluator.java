package dev.microgpt.train;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.FiniteCheck;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.train.data.ValidationSet;
import dev.microgpt.train.internal.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Measures how well a model predicts text that is held back, and which evaluation was the best.
 *
 * <p>The loss is {@code Σ −log p / tokens} over all targets, so a target counts the same in whatever batch it stands.
 * Nothing that training depends on changes: no gradient, no weight, and no random number, for a sample is drawn from a
 * stream of its own. One thread at a time may evaluate, and the model must not be updated meanwhile.
 */
public final class Evaluator {
    /** "eval" in ASCII: tells this use of a seed from others. */
    private static final long PURPOSE = 0x6576616cL;

    private final Gpt gpt;
    private final ValidationSet set;
    private final Tape tape = Tape.inference();
    private final List<TrainingListener> listeners = new ArrayList<>();
    private double bestLoss = Double.POSITIVE_INFINITY;

    /**
     * Creates an evaluator that has not seen any evaluation.
     *
     * @param gpt the model
     * @param set the text that is held back
     * @throws IllegalArgumentException if the set has no batches
     */
    public Evaluator(Gpt gpt, ValidationSet set) {
        if (set.batches() < 1) {
            throw new IllegalArgumentException("evaluator: the validation set has " + set.batches()
                    + " batches; at least one is needed, or the loss would be 0/0");
        }
        this.gpt = Objects.requireNonNull(gpt, "evaluator: gpt is null");
        this.set = set;
    }

    /**
     * Adds a listener that is notified of each later evaluation.
     *
     * @param listener called with each result before it is returned, in the order of adding
     */
    public void addListener(TrainingListener listener) {
        listeners.add(Objects.requireNonNull(listener, "evaluator: listener is null"));
    }

    /**
     * Evaluates the model on the whole set.
     *
     * @param step after how many steps of training
     * @return the result
     * @throws IllegalArgumentException if the model refuses a batch
     * @throws TrainingDivergedException if a loss is NaN or infinite
     */
    public Evaluation evaluate(int step) {
        return evaluate(step, null);
    }

    /**
     * Evaluates the model on the whole set, and tells of every token.
     *
     * @param step     after how many steps of training
     * @param listener hears of each target, or null
     * @return the result, the same as without a listener
     * @throws IllegalArgumentException if the model refuses a batch
     * @throws TrainingDivergedException if a loss is NaN or infinite
     */
    public Evaluation evaluate(int step, @Nullable TokenScoreListener listener) {
        double sum = 0;
        long tokens = 0;
        for (int i = 0; i < set.batches(); i++) {
            Batch batch = set.batch(i);
            sum += loss(step, batch, listener);
            tokens += batch.targets().length;
        }
        return evaluation(step, sum, tokens, set.bytes());
    }

    /**
     * Evaluates the model on a random sample of the batches of the set, none of them twice. Which ones depends on the seed
     * and on the step alone.
     *
     * @param step    after how many steps of training
     * @param batches the size of the sample, at least 1; if the set has no more batches, it is evaluated as a whole
     * @param seed    the seed of the run
     * @return the result, with a share of the bytes of the set in proportion to the tokens, rounded
     * @throws IllegalArgumentException if the sample is to have no batch, or if the model refuses one
     * @throws TrainingDivergedException if a loss is NaN or infinite
     */
    public Evaluation evaluate(int step, int batches, long seed) {
        Checks.atLeastOne("evaluation batches", batches);
        if (batches >= set.batches()) {
            return evaluate(step);
        }
        CounterRandom random = new CounterRandom(seed).child(PURPOSE).child(step);
        double sum = 0;
        long tokens = 0;
        int missing = batches;
        for (int i = 0; missing > 0; i++) {
            // selection sampling (Knuth, TAOCP 3.4.2, algorithm S): takes the rest once it is just what is missing
            if (random.uniform(i) * (set.batches() - i) < missing) {
                Batch batch = set.batch(i);
                sum += loss(step, batch, null);
                tokens += batch.targets().length;
                missing--;
            }
        }
        return evaluation(step, sum, tokens, Math.round((double) set.bytes() * tokens / set.tokens()));
    }

    /** Returns the sum of −log p over the targets of a batch. */
    private double loss(int step, Batch batch, @Nullable TokenScoreListener listener) {
        double loss;
        try {
            Tensor logits = gpt.forward(tape, batch);
            if (listener != null) {
                tell(listener, batch, logits);
            }
            loss = lossOf(logits, batch);
        } finally {
            tape.reset();
        }
        if (!Double.isFinite(loss)) {
            throw TrainingDivergedException.inEvaluation(step, "the loss is " + loss + origin(batch));
        }
        return loss;
    }

    private double lossOf(Tensor logits, Batch batch) {
        return tape.apply(new CrossEntropy(logits, batch.targets(), 1)).item();
    }

    /** Measures the batch again with a check of every number, and returns where the first was that is not finite. */
    private String origin(Batch batch) {
        FiniteCheck check = new FiniteCheck();
        tape.addListener(check);
        try {
            lossOf(gpt.forward(tape, batch), batch);
        } finally {
            tape.removeListener(check);
            tape.reset();
        }
        return check.found() == null ? "" : ": " + check.found();
    }

    private static void tell(TokenScoreListener listener, Batch batch, Tensor logits) {
        Sequences sequences = batch.sequences();
        int columns = logits.shape().columns();
        double[] scratch = new double[columns];
        for (int s = 0; s < sequences.count(); s++) {
            for (int i = 0; i < sequences.length(s); i++) {
                int row = sequences.start(s) + i;
                int id = batch.targets()[row];
                listener.onToken(TokenScore.of(i + 1, id, logits.data(), row * columns, columns, scratch));
            }
        }
    }

    private Evaluation evaluation(int step, double sum, long tokens, long bytes) {
        double loss = sum / tokens;
        boolean best = loss < bestLoss;
        if (best) {
            bestLoss = loss;
        }
        Evaluation evaluation = new Evaluation(step, loss, tokens, bytes, best);
        for (TrainingListener listener : listeners) {
            listener.onEvaluation(evaluation);
        }
        return evaluation;
    }

    /**
     * Returns the loss to beat.
     *
     * @return the lowest loss of all evaluations, positive infinity before the first
     */
    public double bestLoss() {
        return bestLoss;
    }

    /**
     * Continues where another evaluator of the same run stood.
     *
     * @param bestLoss its lowest loss; positive infinity if it had none
     * @throws IllegalArgumentException if it is NaN
     */
    public void resumeAt(double bestLoss) {
        if (Double.isNaN(bestLoss)) {
            throw new IllegalArgumentException("evaluator: the best loss is NaN, but must be a number");
        }
        this.bestLoss = bestLoss;
    }
}

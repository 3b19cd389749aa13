package dev.microgpt.train;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.train.data.ValidationSet;
import dev.microgpt.train.internal.Checks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Evaluates a model on held-out data and keeps track of the best loss.
 *
 * <p>The loss is {@code Σ −log p / tokens} over all targets, so each target has the same weight, whatever its batch.
 * A large batch is computed a few sequences at a time, with the same bits: the memory that an evaluation takes depends
 * on neither the size of the batches nor the length of the data.
 *
 * <p>Evaluation does not affect training: it changes no gradient and no weight, and draws samples from a random stream
 * of its own.
 *
 * <p>An evaluator is confined to one thread at a time, and others are refused. Several may evaluate one model at the
 * same time, each in a thread of its own. An evaluation during which another thread trains the model is refused.
 */
public final class Evaluator {
    /** "eval" in ASCII: separates this use of a seed from others. */
    private static final long PURPOSE = 0x6576616cL;

    /** The number of logits, one for each position and token of the vocabulary, in a batch of windows. */
    private static final double LOGITS_PER_BATCH = 1 << 22;

    private final LanguageModel model;
    private final ValidationSet set;
    private final BatchScorer scorer;
    private final List<TrainingListener> listeners = new ArrayList<>();
    private double bestLoss = Double.POSITIVE_INFINITY;

    /** 1 during an evaluation. */
    private final AtomicInteger busy = new AtomicInteger();

    /**
     * Creates an evaluator before its first evaluation.
     *
     * @param model the model
     * @param set the validation split
     * @throws IllegalArgumentException if the set has no batches
     */
    public Evaluator(LanguageModel model, ValidationSet set) {
        if (set.batches() < 1) {
            throw new IllegalArgumentException("evaluator: the validation set has " + set.batches()
                    + " batches; at least one is needed, or the loss would be 0/0");
        }
        this.model = Objects.requireNonNull(model, "evaluator: model is null");
        this.set = set;
        this.scorer = new BatchScorer(model, set);
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
     * @param step the number of training steps done, for the result
     * @return the result
     * @throws IllegalArgumentException  if the model refuses a batch
     * @throws TrainingDivergedException if a loss is NaN or infinite
     * @throws IllegalStateException     if this evaluator is already evaluating, or if another thread trains the model
     */
    public Evaluation evaluate(int step) {
        return evaluate(step, null);
    }

    /**
     * Evaluates the model on the whole set and reports the prediction of every target.
     *
     * @param step     the number of training steps done, for the result
     * @param listener called for each target; null for none
     * @return the result, the same as without a listener
     * @throws IllegalArgumentException  if the model refuses a batch
     * @throws TrainingDivergedException if a loss is NaN or infinite
     * @throws IllegalStateException     if this evaluator is already evaluating, or if another thread trains the model
     */
    public Evaluation evaluate(int step, @Nullable TokenScoreListener listener) {
        begin();
        try {
            return counted(whole(step, listener));
        } finally {
            busy.set(0);
        }
    }

    private Evaluation whole(int step, @Nullable TokenScoreListener listener) {
        ParameterUpdates updates =
                ParameterUpdates.watch("evaluator", model.parameters().all());
        double sum = 0;
        scorer.restart();
        for (int i = 0; i < set.batches(); i++) {
            sum += scorer.score(step, i, listener);
            updates.checkNone();
        }
        return evaluation(step, sum, scorer.tokens(), set.bytes());
    }

    /** Refuses a second evaluation at the same time, which would reset the tape of the first. */
    private void begin() {
        if (!busy.compareAndSet(0, 1)) {
            throw new IllegalStateException(
                    "evaluator: thread \"" + Thread.currentThread().getName() + "\" uses an evaluator that is already"
                            + " evaluating, for another thread or for the calling listener; create one for each, with"
                            + " the same model");
        }
    }

    /**
     * Evaluates the model on a random sample of the set's batches, drawn without replacement. The sample depends on its
     * size and the seed alone: all evaluations of a run use the same batches, so that their losses can be compared.
     *
     * @param step    the number of training steps done
     * @param batches the size of the sample, at least 1; a set with no more batches is evaluated as a whole
     * @param seed    the seed of the run
     * @return the result; its bytes are estimated from the share of the set's tokens in the sample
     * @throws IllegalArgumentException  if {@code batches} is below 1, or if the model refuses a batch
     * @throws TrainingDivergedException if a loss is NaN or infinite
     * @throws IllegalStateException     as {@link #evaluate(int)}
     */
    public Evaluation evaluate(int step, int batches, long seed) {
        return counted(preview(step, batches, seed));
    }

    /**
     * Evaluates the model as {@link #evaluate(int, int, long)} does, but neither counts the result, so that the best
     * loss stays as it is, nor notifies listeners.
     *
     * @param step    the number of training steps done
     * @param batches the size of the sample, at least 1; a set with no more batches is evaluated as a whole
     * @param seed    the seed of the run
     * @return the result
     * @throws IllegalArgumentException  if {@code batches} is below 1, or if the model refuses a batch
     * @throws TrainingDivergedException if a loss is NaN or infinite
     * @throws IllegalStateException     as {@link #evaluate(int)}
     */
    public Evaluation preview(int step, int batches, long seed) {
        Checks.atLeastOne("evaluation batches", batches);
        begin();
        try {
            return batches >= set.batches() ? whole(step, null) : sample(step, batches, seed);
        } finally {
            busy.set(0);
        }
    }

    private Evaluation sample(int step, int batches, long seed) {
        ParameterUpdates updates =
                ParameterUpdates.watch("evaluator", model.parameters().all());
        CounterRandom random = new CounterRandom(seed).child(PURPOSE);
        double sum = 0;
        scorer.restart();
        int missing = batches;
        for (int i = 0; missing > 0; i++) {
            // selection sampling (Knuth, TAOCP 3.4.2, algorithm S)
            if (random.uniform(i) * (set.batches() - i) < missing) {
                sum += scorer.score(step, i, null);
                updates.checkNone();
                missing--;
            }
        }
        long tokens = scorer.tokens();
        return evaluation(step, sum, tokens, Math.round((double) set.bytes() * tokens / set.tokens()));
    }

    /**
     * Returns the number of positions that an evaluation computes at a time, for an estimate of its memory. A sequence
     * with more positions is computed as a whole.
     *
     * @param config the sizes of the model
     * @return the number of positions, which is smaller for a larger model
     */
    public static int positionsAtATime(ModelConfig config) {
        return BatchScorer.rowsAtATime(config);
    }

    /**
     * Returns the number of windows of a batch in the evaluation of a whole text. Losses are summed batch by batch, so
     * another number would change the last bits of a result; it does not decide how many are in memory.
     *
     * @param config the sizes of the model
     * @return the number of windows, at least 1
     */
    public static int windowsPerBatch(ModelConfig config) {
        double logits = (double) config.blockSize() * config.vocabSize();
        return (int) Math.max(1, LOGITS_PER_BATCH / logits);
    }

    private Evaluation evaluation(int step, double sum, long tokens, long bytes) {
        double loss = sum / tokens;
        return new Evaluation(step, loss, tokens, bytes, loss < bestLoss);
    }

    private Evaluation counted(Evaluation evaluation) {
        if (evaluation.best()) {
            bestLoss = evaluation.loss();
        }
        for (TrainingListener listener : listeners) {
            listener.onEvaluation(evaluation);
        }
        return evaluation;
    }

    /** {@return the number of batches of the whole set} */
    public int batches() {
        return set.batches();
    }

    /** {@return the lowest loss of all evaluations, in nats; positive infinity before the first} */
    public double bestLoss() {
        return bestLoss;
    }

    /**
     * Resumes a run whose lowest loss so far is known.
     *
     * @param bestLoss the lowest loss of all evaluations, in nats; positive infinity if there was none
     * @throws IllegalArgumentException if the loss is NaN
     */
    public void resumeAt(double bestLoss) {
        if (Double.isNaN(bestLoss)) {
            throw new IllegalArgumentException("evaluator: the best loss is NaN, but must be a number");
        }
        this.bestLoss = bestLoss;
    }
}

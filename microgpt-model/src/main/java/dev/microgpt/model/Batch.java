package dev.microgpt.model;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Sequences;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one or more sequences, packed one after another, and for training the token that follows each.
 *
 * <p>The arrays are not copied, neither when given nor when asked for; leave them alone.
 */
public final class Batch {
    private static final int[] NO_TARGETS = {};

    private final int[] ids;
    private final int[] targets;
    private final Sequences sequences;
    private final @Nullable CounterRandom step;
    private final int firstSequence;

    private Batch(int[] ids, int[] targets, Sequences sequences, @Nullable CounterRandom step, int firstSequence) {
        this.ids = ids;
        this.targets = targets;
        this.sequences = sequences;
        this.step = step;
        this.firstSequence = firstSequence;
    }

    /**
     * Packs sequences for training: every token but the last is an input, every token but the first a target.
     *
     * @param sequences the tokens of each sequence, at least two
     * @return a batch with one input less than tokens for each sequence
     * @throws IllegalArgumentException if there is no sequence, or one of fewer than two tokens
     */
    public static Batch forTraining(List<int[]> sequences) {
        int[] lengths = new int[sequences.size()];
        for (int s = 0; s < lengths.length; s++) {
            int[] tokens = sequences.get(s);
            if (tokens == null) {
                throw new NullPointerException("batch: sequences[" + s + "] is null");
            }
            lengths[s] = tokens.length - 1;
            if (lengths[s] < 1) {
                throw new IllegalArgumentException("batch: sequence " + s + " has " + tokens.length
                        + " tokens; training needs at least 2, a token and the one that follows it");
            }
        }
        Sequences packed = Sequences.ofLengths(lengths);
        int[] ids = new int[packed.rows()];
        int[] targets = new int[packed.rows()];
        for (int s = 0; s < lengths.length; s++) {
            System.arraycopy(sequences.get(s), 0, ids, packed.start(s), lengths[s]);
            System.arraycopy(sequences.get(s), 1, targets, packed.start(s), lengths[s]);
        }
        return new Batch(ids, targets, packed, null, 0);
    }

    /**
     * Makes one sequence without targets, for generation.
     *
     * @param ids the tokens, at least one
     * @return the batch
     * @throws IllegalArgumentException if there is no token
     */
    public static Batch ofPrompt(int... ids) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("batch: there are no tokens; at least one is needed");
        }
        return new Batch(ids, NO_TARGETS, Sequences.ofLengths(ids.length), null, 0);
    }

    /**
     * Returns the same batch with random numbers, by which a model that has dropout drops elements.
     *
     * <p>A sequence takes its numbers from the child of the step's stream whose index is its number in the step: they are
     * the same in whatever batch of the step it comes.
     *
     * @param step          the stream of the step
     * @param firstSequence how many sequences of the step are in batches before this one
     * @return a batch on the same arrays
     * @throws IllegalArgumentException if {@code firstSequence} is negative
     */
    public Batch withRandom(CounterRandom step, int firstSequence) {
        Objects.requireNonNull(step, "batch: step is null");
        if (firstSequence < 0) {
            throw new IllegalArgumentException(
                    "batch: the first sequence is " + firstSequence + ", but must be at least 0");
        }
        return new Batch(ids, targets, sequences, step, firstSequence);
    }

    boolean isRandom() {
        return step != null;
    }

    /** Returns the stream of one of the sequences. */
    CounterRandom random(int sequence) {
        if (step == null) {
            throw new IllegalStateException("batch: there are no random numbers; call withRandom first");
        }
        return step.child((long) firstSequence + sequence);
    }

    /**
     * Returns the inputs.
     *
     * @return the packed tokens
     */
    public int[] ids() {
        return ids;
    }

    /**
     * Returns what the model should predict.
     *
     * @return for each input the token that follows it; empty in a batch that is not for training
     */
    public int[] targets() {
        return targets;
    }

    /**
     * Returns where the sequences start.
     *
     * @return the offsets of the packed tokens
     */
    public Sequences sequences() {
        return sequences;
    }
}

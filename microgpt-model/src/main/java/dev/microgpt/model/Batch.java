package dev.microgpt.model;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Sequences;
import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of one or more sequences, packed one after another; for training, also the target of each token.
 *
 * <p>Immutable. Arrays are not copied on the way in or out; do not modify them.
 */
public final class Batch implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int[] NO_TARGETS = {};

    private final int[] ids;
    private final int[] targets;
    private final Sequences sequences;
    private final @Nullable CounterRandom step;
    private final int firstSequence;
    private final int @Nullable [] numbers;
    private final int firstPosition;
    private transient volatile int @Nullable [] positions; // computed at the first use

    private Batch(
            int[] ids,
            int[] targets,
            Sequences sequences,
            @Nullable CounterRandom step,
            int firstSequence,
            int @Nullable [] numbers,
            int firstPosition) {
        this.ids = ids;
        this.targets = targets;
        this.sequences = sequences;
        this.step = step;
        this.firstSequence = firstSequence;
        this.numbers = numbers;
        this.firstPosition = firstPosition;
    }

    /**
     * Packs sequences for training: every token but the last is an input, every token but the first a target.
     *
     * @param sequences the tokens of each sequence, at least two
     * @return a batch in which a sequence of n tokens has n − 1 inputs and targets
     * @throws IllegalArgumentException if there is no sequence, or one has fewer than two tokens
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
        return new Batch(ids, targets, packed, null, 0, null, 0);
    }

    /**
     * Creates a batch of one sequence without targets, for generation.
     *
     * @param ids the tokens, at least one
     * @return the batch
     * @throws IllegalArgumentException if there are no tokens
     */
    public static Batch ofPrompt(int... ids) {
        if (ids.length == 0) {
            throw new IllegalArgumentException("batch: there are no tokens; at least one is needed");
        }
        return new Batch(ids, NO_TARGETS, Sequences.ofLengths(ids.length), null, 0, null, 0);
    }

    /**
     * Returns this batch with random numbers for dropout.
     *
     * <p>Each sequence uses the child stream whose index is the sequence's number within the step, so the dropped
     * elements do not depend on how the step is split into batches.
     *
     * @param step          the random stream of the step
     * @param firstSequence the number of sequences of the step in the batches before this one
     * @return a batch that shares the arrays of this one
     * @throws IllegalArgumentException if {@code firstSequence} is negative
     */
    public Batch withRandom(CounterRandom step, int firstSequence) {
        Objects.requireNonNull(step, "batch: step is null");
        if (firstSequence < 0) {
            throw new IllegalArgumentException("batch: firstSequence is " + firstSequence + ", but must be at least 0");
        }
        return new Batch(ids, targets, sequences, step, firstSequence, numbers, firstPosition);
    }

    /**
     * Returns this batch with the numbers that its sequences have within their step, for a batch of which some were
     * left out: the others keep the dropped elements that they have in the whole batch.
     *
     * @param numbers the number of each sequence, from 0, whatever {@link #withRandom} says; not copied
     * @return a batch that shares the arrays of this one
     * @throws IllegalArgumentException if there is not one number for each sequence, or if one is negative
     */
    public Batch withNumbers(int... numbers) {
        if (numbers.length != sequences.count()) {
            throw new IllegalArgumentException("batch: there are " + numbers.length + " numbers for "
                    + sequences.count() + " sequences; each needs one");
        }
        for (int number : numbers) {
            if (number < 0) {
                throw new IllegalArgumentException(
                        "batch: the number of a sequence is " + number + ", but must be at least 0");
            }
        }
        return new Batch(ids, targets, sequences, step, firstSequence, numbers, firstPosition);
    }

    /**
     * Returns this batch as the continuation of a sequence that is being decoded.
     *
     * @param positions the number of earlier positions
     * @return a batch that shares the arrays of this one
     */
    Batch after(int positions) {
        return new Batch(ids, targets, sequences, step, firstSequence, numbers, positions);
    }

    /** Joins batches of one token each, every one the continuation of a sequence. */
    static Batch together(List<Batch> batches) {
        int[] ids = new int[batches.size()];
        int[] positions = new int[ids.length];
        int[] lengths = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = batches.get(i).ids[0];
            positions[i] = batches.get(i).firstPosition;
            lengths[i] = 1;
        }
        Batch joined = new Batch(ids, NO_TARGETS, Sequences.ofLengths(lengths), null, 0, null, 0);
        joined.positions = positions;
        return joined;
    }

    /** Checks that all tokens are in a vocabulary. */
    void checkTokens(int vocabSize) {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= vocabSize) {
                throw new IllegalArgumentException("batch: token " + i + " is " + ids[i] + ", but must be from 0 to "
                        + (vocabSize - 1) + ", the tokens of the model");
            }
        }
    }

    /** {@return the position of the first token in its sequence: 0, unless a decoder continues the sequence} */
    public int firstPosition() {
        return firstPosition;
    }

    /** {@return the position of each token in its sequence, length {@code T}} */
    public int[] positions() {
        int[] known = positions;
        if (known == null) {
            known = new int[sequences.rows()];
            for (int s = 0; s < sequences.count(); s++) {
                for (int i = 0; i < sequences.length(s); i++) {
                    known[sequences.start(s) + i] = firstPosition + i;
                }
            }
            positions = known; // if two threads do this at a time, both compute the same
        }
        return known;
    }

    boolean isRandom() {
        return step != null;
    }

    /** Returns the random stream of a sequence. */
    CounterRandom random(int sequence) {
        if (step == null) {
            throw new IllegalStateException("batch: there are no random numbers; call withRandom first");
        }
        return step.child(numbers == null ? (long) firstSequence + sequence : numbers[sequence]);
    }

    /** {@return the packed input tokens, length {@code T}} */
    public int[] ids() {
        return ids;
    }

    /** {@return the target of each input token, which is the token after it; empty unless the batch is for training} */
    public int[] targets() {
        return targets;
    }

    /** {@return the offsets of the sequences in the packed tokens} */
    public Sequences sequences() {
        return sequences;
    }
}

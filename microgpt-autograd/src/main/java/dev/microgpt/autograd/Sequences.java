package dev.microgpt.autograd;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The offsets of the sequences in a packed matrix, which holds the rows of all sequences one after another, unpadded.
 *
 * <p>Lengths 3, 1 and 2 give the offsets {@code 0, 3, 4, 6}: sequence 1 is row 3. Immutable.
 */
public final class Sequences implements Serializable {
    private static final long serialVersionUID = 1;

    private final int[] offsets;
    private final int longest;

    private Sequences(int[] offsets, int longest) {
        this.offsets = offsets;
        this.longest = longest;
    }

    /**
     * Returns the offsets of sequences with the given lengths.
     *
     * @param lengths the number of rows of each sequence, each at least 1; at least one sequence
     * @return the offsets, in the order of the lengths
     * @throws IllegalArgumentException if there is no sequence or an empty one
     */
    public static Sequences ofLengths(int... lengths) {
        if (lengths.length == 0) {
            throw new IllegalArgumentException("sequences: there are none; at least one is required");
        }
        int[] offsets = new int[lengths.length + 1];
        int longest = 0;
        for (int s = 0; s < lengths.length; s++) {
            if (lengths[s] < 1) {
                throw new IllegalArgumentException("sequences: sequence " + s + " has " + lengths[s]
                        + " rows, but every sequence must have at least 1");
            }
            if (lengths[s] > Integer.MAX_VALUE - offsets[s]) {
                throw new IllegalArgumentException("sequences: the first " + (s + 1) + " have "
                        + ((long) offsets[s] + lengths[s]) + " rows, but an array holds at most " + Integer.MAX_VALUE);
            }
            offsets[s + 1] = offsets[s] + lengths[s];
            longest = Math.max(longest, lengths[s]);
        }
        return new Sequences(offsets, longest);
    }

    /** {@return the number of sequences, at least 1} */
    public int count() {
        return offsets.length - 1;
    }

    /**
     * Returns the first row of a sequence.
     *
     * @param sequence index of the sequence, from 0
     * @return its first row in the packed matrix
     * @throws IllegalArgumentException if the index is out of range
     */
    public int start(int sequence) {
        check(sequence);
        return offsets[sequence];
    }

    /**
     * Returns the length of a sequence.
     *
     * @param sequence index of the sequence, from 0
     * @return its number of rows, at least 1
     * @throws IllegalArgumentException if the index is out of range
     */
    public int length(int sequence) {
        check(sequence);
        return offsets[sequence + 1] - offsets[sequence];
    }

    private void check(int sequence) {
        if (sequence < 0 || sequence >= count()) {
            throw new IllegalArgumentException(
                    "sequences: there is no sequence " + sequence + "; it must be from 0 to " + (count() - 1));
        }
    }

    /** {@return the length of the longest sequence} */
    public int longest() {
        return longest;
    }

    /** {@return the number of rows of the packed matrix: the sum of all lengths} */
    public int rows() {
        return offsets[offsets.length - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sequences that && Arrays.equals(offsets, that.offsets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(offsets);
    }

    @Override
    public String toString() {
        return "sequences with offsets " + Arrays.toString(offsets);
    }
}

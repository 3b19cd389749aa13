package dev.microgpt.autograd;

import java.util.Arrays;

/**
 * Where the sequences of a packed matrix start: the rows of all sequences lie one after another, without padding.
 *
 * <p>Lengths 3, 1 and 2 give the offsets {@code 0, 3, 4, 6}: sequence 1 is row 3. Immutable.
 */
public final class Sequences {
    private final int[] offsets;
    private final int longest;

    private Sequences(int[] offsets, int longest) {
        this.offsets = offsets;
        this.longest = longest;
    }

    /**
     * Packs sequences of the given lengths.
     *
     * @param lengths the number of rows of each sequence, each at least 1; at least one sequence
     * @return the offsets
     * @throws IllegalArgumentException if there is no sequence or an empty one
     */
    public static Sequences ofLengths(int... lengths) {
        if (lengths.length == 0) {
            throw new IllegalArgumentException("sequences: there are none; at least one is needed");
        }
        int[] offsets = new int[lengths.length + 1];
        int longest = 0;
        for (int s = 0; s < lengths.length; s++) {
            if (lengths[s] < 1) {
                throw new IllegalArgumentException(
                        "sequences: sequence " + s + " has " + lengths[s] + " rows; every sequence needs at least 1");
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

    /**
     * Returns how many sequences there are.
     *
     * @return the number of sequences, at least 1
     */
    public int count() {
        return offsets.length - 1;
    }

    /**
     * Returns the first row of a sequence.
     *
     * @param sequence which one, from 0
     * @return its first row in the packed matrix
     * @throws IllegalArgumentException if there is no such sequence
     */
    public int start(int sequence) {
        check(sequence);
        return offsets[sequence];
    }

    /**
     * Returns the length of a sequence.
     *
     * @param sequence which one, from 0
     * @return its number of rows
     * @throws IllegalArgumentException if there is no such sequence
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

    /**
     * Returns the length of the longest sequence.
     *
     * @return the largest number of rows
     */
    public int longest() {
        return longest;
    }

    /**
     * Returns the number of rows of the packed matrix.
     *
     * @return the sum of all lengths
     */
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

package dev.microgpt.train.internal;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds the known name that a misspelled one was probably meant to be. */
public final class Spelling {
    /** The number of edits that still count as a slip, in names more than twice as long. */
    public static final int MAX_EDITS = 2;

    private Spelling() {}

    /** Returns the known name closest to a misspelled one, or null if none is at most {@link #MAX_EDITS} edits away. */
    public static @Nullable String nearest(String name, Collection<String> known) {
        String nearest = null;
        int fewest = MAX_EDITS + 1;
        for (String other : known) {
            int shorter = Math.min(name.length(), other.length());
            boolean canBeNearer = shorter > 2 * MAX_EDITS && Math.abs(name.length() - other.length()) < fewest;
            int distance = canBeNearer ? distance(name, other) : fewest;
            if (distance < fewest) {
                fewest = distance;
                nearest = other;
            }
        }
        return nearest;
    }

    /**
     * Returns the optimal string alignment distance: the least number of characters to insert, delete or replace, or
     * of neighbours to swap.
     *
     * @see <a href="https://en.wikipedia.org/wiki/Damerau%E2%80%93Levenshtein_distance">Damerau and Levenshtein</a>
     */
    public static int distance(String a, String b) {
        int[] row = new int[b.length() + 1]; // row[j]: from the first i characters of a to the first j of b
        int[] last = new int[row.length]; // the same for i - 1
        int[] lastButOne = new int[row.length];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] unused = lastButOne;
            lastButOne = last;
            last = row;
            row = unused;
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(last[j], row[j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], 1 + lastButOne[j - 2]);
                }
            }
        }
        return row[b.length()];
    }
}

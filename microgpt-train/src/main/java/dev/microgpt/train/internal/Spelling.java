package dev.microgpt.train.internal;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** Finds what a name that is not known was meant to be. */
public final class Spelling {
    /** How many letters may be wrong, missing or too many, of names that are longer than twice as many. */
    private static final int MOST = 2;

    private Spelling() {}

    /** Returns the name that is written nearly as another one, or null if none is. */
    public static @Nullable String nearest(String name, Collection<String> names) {
        String nearest = null;
        int fewest = MOST + 1;
        for (String other : names) {
            int distance = distance(name, other, fewest);
            if (distance < fewest) {
                fewest = distance;
                nearest = other;
            }
        }
        return nearest;
    }

    /** Returns how many letters to change, leave out or add, or {@code enough} if it is that or more. */
    private static int distance(String a, String b, int enough) {
        int shorter = Math.min(a.length(), b.length());
        if (shorter <= 2 * MOST || Math.max(a.length(), b.length()) - shorter >= enough) {
            return enough;
        }
        int[] above = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            above[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] row = new int[b.length() + 1];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
            }
            above = row;
        }
        return above[b.length()];
    }
}

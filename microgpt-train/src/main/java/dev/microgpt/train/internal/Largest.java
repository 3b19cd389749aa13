package dev.microgpt.train.internal;

/** Finds the largest of many numbers without sorting all of them. */
public final class Largest {
    private Largest() {}

    /**
     * Returns where the largest numbers stand, in time proportional to their count times that of all at the most.
     *
     * @param count   how many, at least 0; all, if there are no more
     * @param numbers no NaN among them
     * @return their indices, the largest number first, the lower index first of equal ones
     */
    public static int[] of(int count, double... numbers) {
        int[] best = new int[Math.min(count, numbers.length)];
        int found = 0;
        for (int i = 0; i < numbers.length; i++) {
            int at = found;
            while (at > 0 && numbers[i] > numbers[best[at - 1]]) {
                at--;
            }
            if (at < best.length) {
                found = Math.min(found + 1, best.length);
                System.arraycopy(best, at, best, at + 1, found - at - 1);
                best[at] = i;
            }
        }
        return best;
    }
}

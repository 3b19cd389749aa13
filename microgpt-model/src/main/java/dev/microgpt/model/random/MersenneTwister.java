package dev.microgpt.model.random;

/**
 * The 32-bit Mersenne Twister MT19937, seeded by {@code init_by_array}: the generator below CPython's {@code random}.
 *
 * <p>Implemented here because a checkpoint stores the state in a form that Python can load; libraries keep it private
 * or export it in an undocumented layout.
 *
 * <p>Not thread-safe.
 *
 * @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura, Mersenne Twister: A 623-Dimensionally
 *     Equidistributed Uniform Pseudo-Random Number Generator, 1998</a>
 */
final class MersenneTwister {
    /** The number of words in the state, {@code n} in the paper. */
    static final int N = 624;

    /** The offset of the middle word in the recurrence, {@code m} in the paper. */
    private static final int M = 397;

    private static final int UPPER_BIT = 0x80000000;
    private static final int LOWER_BITS = 0x7fffffff;
    private static final int MATRIX_A = 0x9908b0df;

    private final int[] mt = new int[N];

    /** The index of the next word to return; {@code N} when all are used. */
    private int index;

    /**
     * Seeds the generator with the authors' {@code init_by_array} of 2002.
     *
     * @param key the words of the seed, least significant first; at least one
     */
    MersenneTwister(int[] key) {
        mt[0] = 19650218;
        for (int i = 1; i < N; i++) {
            mt[i] = 1812433253 * scrambled(i - 1) + i;
        }
        int i = 1;
        int j = 0;
        for (int k = Math.max(N, key.length); k > 0; k--) {
            mt[i] = (mt[i] ^ (scrambled(i - 1) * 1664525)) + key[j] + j;
            i = following(i);
            j = (j + 1) % key.length;
        }
        for (int k = N - 1; k > 0; k--) {
            mt[i] = (mt[i] ^ (scrambled(i - 1) * 1566083941)) - i;
            i = following(i);
        }
        mt[0] = UPPER_BIT; // an all-zero state would never change
        index = N;
    }

    /**
     * Restores a generator from its state.
     *
     * @param words the 624 words of the state; copied
     * @param index the index of the next word to return, in 0 … 624
     */
    MersenneTwister(int[] words, int index) {
        System.arraycopy(words, 0, mt, 0, N);
        this.index = index;
    }

    /** Returns the next 32 random bits. */
    int next() {
        if (index == N) {
            twist();
        }
        int y = mt[index++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9d2c5680;
        y ^= (y << 15) & 0xefc60000;
        return y ^ (y >>> 18);
    }

    /** Returns a copy of the 624 words of the state. */
    int[] words() {
        return mt.clone();
    }

    /** Returns the index of the next word to return, in 0 … 624. */
    int index() {
        return index;
    }

    // the paper's recurrence, n words at a time: x[k + n] = x[k + m] ^ (upper bit of x[k] | lower bits of x[k + 1]) · A
    private void twist() {
        for (int k = 0; k < N; k++) {
            int y = (mt[k] & UPPER_BIT) | (mt[(k + 1) % N] & LOWER_BITS);
            mt[k] = mt[(k + M) % N] ^ (y >>> 1) ^ ((y & 1) * MATRIX_A);
        }
        index = 0;
    }

    private int scrambled(int i) {
        return mt[i] ^ (mt[i] >>> 30);
    }

    private int following(int i) {
        if (i < N - 1) {
            return i + 1;
        }
        mt[0] = mt[N - 1]; // word 0 takes the place of the last one when the walk wraps around to 1
        return 1;
    }
}

package dev.microgpt.model.random;

/**
 * The 32-bit Mersenne Twister MT19937, seeded by {@code init_by_array}: the generator below CPython's {@code random}.
 *
 * <p>It is written out here, and not taken from a library, because a checkpoint stores the state as numbers that
 * Python can continue from; libraries keep it private or hand it out as bytes of undocumented layout.
 *
 * <p>Not safe for use by several threads at a time.
 *
 * @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura, Mersenne Twister: A 623-Dimensionally
 *     Equidistributed Uniform Pseudo-Random Number Generator, 1998</a>
 */
final class MersenneTwister {
    /** The number of words in the state, n in the paper. */
    static final int N = 624;

    /** The distance of the middle word of the recurrence, m in the paper. */
    private static final int M = 397;

    private static final int UPPER_BIT = 0x80000000;
    private static final int LOWER_BITS = 0x7fffffff;
    private static final int MATRIX_A = 0x9908b0df;

    private final int[] mt = new int[N];

    /** The next word to hand out; {@code N} when all are spent. */
    private int index;

    /**
     * Seeds with the authors' {@code init_by_array} of 2002.
     *
     * @param key words of the seed, least significant first; at least one
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
        mt[0] = UPPER_BIT; // a state of zeros alone would stay so for ever
        index = N;
    }

    /**
     * Continues from a state.
     *
     * @param words the 624 words of the state; copied
     * @param index the next word to hand out, in 0 … 624
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

    /** Returns the index of the next word to hand out, in 0 … 624. */
    int index() {
        return index;
    }

    // x[k + n] = x[k + m] ^ (upper bit of x[k] | lower bits of x[k + 1]) · A, the paper's recurrence, n words at a time
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
        mt[0] = mt[N - 1]; // word 0 stands for the last one when the walk starts again at 1
        return 1;
    }
}

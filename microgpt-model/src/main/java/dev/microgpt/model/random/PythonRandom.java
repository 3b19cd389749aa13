package dev.microgpt.model.random;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/**
 * CPython's {@code random.Random}: a training run draws the same shuffle, initial weights and samples as microgpt.py.
 *
 * <p>All methods return CPython's values bit for bit, except {@link #gauss}, whose last bits depend on the C library
 * that CPython uses. Methods have Python's names and behave as in CPython 3.11.
 *
 * <p>Not thread-safe.
 *
 * @see <a href="https://docs.python.org/3.11/library/random.html">Python's random</a>
 * @see <a href="https://doi.org/10.1145/272991.272995">Matsumoto and Nishimura, Mersenne Twister: A 623-Dimensionally
 *     Equidistributed Uniform Pseudo-Random Number Generator, 1998</a>
 */
public final class PythonRandom {
    // as in CPython: twice the double nearest to π
    private static final double TWO_PI = 2.0 * Math.PI;

    private final MersenneTwister twister;

    /** The second number of the pair that {@link #gauss} draws, until it is returned. */
    private OptionalDouble gaussNext;

    /**
     * Creates a generator in the state after {@code random.seed(seed)}.
     *
     * @param seed an unsigned 64-bit number, 0 … 2<sup>64</sup> − 1: {@code -1L} is Python's {@code 2**64 - 1}, not its
     *     {@code -1}
     */
    public PythonRandom(long seed) {
        twister = new MersenneTwister(key(seed));
        gaussNext = OptionalDouble.empty();
    }

    /**
     * Restores a generator from its state, as {@code random.setstate} does.
     *
     * @param state a state returned by {@link #state()}
     */
    public PythonRandom(State state) {
        int[] words = new int[MersenneTwister.N];
        for (int i = 0; i < words.length; i++) {
            words[i] = (int) state.internal[i];
        }
        twister = new MersenneTwister(words, (int) state.internal[MersenneTwister.N]);
        gaussNext = state.gaussNext;
    }

    /** {@return the next number in [0, 1), a multiple of 2<sup>−53</sup>} */
    public double random() {
        long a = twister.next() >>> 5;
        long b = twister.next() >>> 6;
        return ((a << 26) + b) * 0x1p-53;
    }

    /**
     * Returns {@code k} random bits.
     *
     * @param k the number of bits, 1 … 32
     * @return the bits, as the lowest of the result; with 32 bits, interpret it as unsigned
     * @throws IllegalArgumentException if {@code k} is out of range
     */
    public int getrandbits(int k) {
        if (k < 1 || k > 32) {
            throw new IllegalArgumentException("getrandbits: k is " + k + ", but must be in 1 … 32");
        }
        return twister.next() >>> (32 - k);
    }

    /**
     * Returns a uniformly distributed integer in [0, n), as Python's {@code randrange(n)} does.
     *
     * @param n the exclusive upper bound, at least 1
     * @return an integer from 0 to {@code n − 1}
     * @throws IllegalArgumentException if {@code n} is less than 1
     */
    public int randbelow(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("randbelow: n is " + n + ", but must be at least 1");
        }
        int k = Integer.SIZE - Integer.numberOfLeadingZeros(n); // not of n − 1, so that n = 1 draws too, as in CPython
        int r = getrandbits(k);
        while (r >= n) {
            r = getrandbits(k);
        }
        return r;
    }

    /**
     * Shuffles a list in place.
     *
     * @param list a modifiable list with fast access by index
     */
    public void shuffle(List<?> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, randbelow(i + 1));
        }
    }

    /**
     * Returns a normally distributed number {@code mu + z · sigma}, where z alternates between
     * {@code cos(2πu) · sqrt(−2 log(1 − v))} and {@code sin(2πu) · sqrt(−2 log(1 − v))} for two draws u, v of
     * {@link #random()} (Box-Muller).
     *
     * <p>StrictMath returns the same bits everywhere, while CPython uses the sin, cos and log of the C library, which
     * rounds some values differently: with {@code mu = 0}, about one draw in twenty differs from CPython's on glibc
     * 2.36, most by one ulp and none by more than four. With cancellation against another {@code mu}, the absolute
     * difference is as small, but the ulp of the result is smaller.
     *
     * @param mu    the mean
     * @param sigma the standard deviation
     * @return a number distributed as {@code N(mu, sigma)}
     * @see <a href="https://doi.org/10.1214/aoms/1177706645">Box and Muller, A Note on the Generation of Random Normal
     *     Deviates, 1958</a>
     */
    public double gauss(double mu, double sigma) {
        double z;
        if (gaussNext.isPresent()) {
            z = gaussNext.getAsDouble();
            gaussNext = OptionalDouble.empty();
        } else {
            double x2pi = random() * TWO_PI;
            double g2rad = StrictMath.sqrt(-2.0 * StrictMath.log(1.0 - random()));
            z = StrictMath.cos(x2pi) * g2rad;
            gaussNext = OptionalDouble.of(StrictMath.sin(x2pi) * g2rad);
        }
        return mu + z * sigma;
    }

    /**
     * Returns an index in [0, n) with a probability proportional to its weight, as
     * {@code random.choices(range(n), weights)[0]} does.
     *
     * <p>It is the first i with {@code random() · total < weights[0] + … + weights[i]}, summed from the left, or
     * {@code n − 1} if rounding leaves none.
     *
     * @param weights at least {@code n} numbers, none negative or NaN; they need not add up to 1
     * @param n       the number of weights to choose from, at least 1
     * @return an index from 0 to {@code n − 1}
     * @throws IllegalArgumentException if {@code n} or a weight is out of range, or the sum of the weights is zero or
     *     infinite; nothing is drawn in that case
     */
    public int choices(double[] weights, int n) {
        if (n < 1 || n > weights.length) {
            throw new IllegalArgumentException(
                    "choices: n is " + n + ", but must be in 1 … " + weights.length + ", the number of weights");
        }
        double total = 0.0;
        for (int i = 0; i < n; i++) {
            // CPython accepts negative weights, and returns whatever its bisection finds
            if (!(weights[i] >= 0.0)) {
                throw new IllegalArgumentException("choices: weight " + i + " of " + n + " is " + weights[i]
                        + ", but must not be negative or NaN");
            }
            total += weights[i];
        }
        if (!(total > 0.0 && total < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "choices: the total of the " + n + " weights is " + total + ", but must be positive and finite");
        }
        double r = random() * total;
        double cumulative = 0.0;
        for (int i = 0; i < n - 1; i++) {
            cumulative += weights[i];
            if (r < cumulative) {
                return i;
            }
        }
        return n - 1;
    }

    /** {@return the state of this generator, from which {@link #PythonRandom(State)} continues} */
    public State state() {
        int[] words = twister.words();
        long[] internal = new long[MersenneTwister.N + 1];
        for (int i = 0; i < words.length; i++) {
            internal[i] = Integer.toUnsignedLong(words[i]);
        }
        internal[MersenneTwister.N] = twister.index();
        return new State(internal, gaussNext);
    }

    // CPython splits a seed into 32-bit words, least significant first: as few as possible, but at least one
    private static int[] key(long seed) {
        int low = (int) seed;
        int high = (int) (seed >>> 32);
        return high == 0 ? new int[] {low} : new int[] {low, high};
    }

    /**
     * The complete state of a generator, laid out as Python's {@code random.getstate()}:
     * {@code random.setstate((3, internal, gaussNext))} continues it in Python, with {@code None} for an empty
     * {@code gaussNext}.
     *
     * @param internal 625 numbers: the 624 words of the Mersenne Twister, each in 0 … 2<sup>32</sup> − 1, and the index
     *     of the next word to return, in 0 … 624; copied on the way in and out
     * @param gaussNext the second number of the last pair that {@link PythonRandom#gauss} drew, before {@code mu} and
     *     {@code sigma} are applied, or empty if it has been returned
     */
    public record State(long[] internal, OptionalDouble gaussNext) {
        private static final long MAX_WORD = 0xffff_ffffL;

        /**
         * Creates a state.
         *
         * @param internal 625 numbers in the ranges given above
         * @param gaussNext finite, or empty
         * @throws IllegalArgumentException if there are not 625 numbers, or one is out of range
         */
        public State {
            internal = internal.clone();
            if (internal.length != MersenneTwister.N + 1) {
                throw new IllegalArgumentException("random state: there are " + internal.length
                        + " numbers, but there must be " + (MersenneTwister.N + 1) + ": 624 words and an index");
            }
            for (int i = 0; i < internal.length; i++) {
                long max = i < MersenneTwister.N ? MAX_WORD : MersenneTwister.N;
                if (internal[i] < 0 || internal[i] > max) {
                    throw new IllegalArgumentException("random state: number " + i + " of " + internal.length + " is "
                            + internal[i] + ", but must be in 0 … " + max);
                }
            }
            if (gaussNext.isPresent() && !Double.isFinite(gaussNext.getAsDouble())) {
                throw new IllegalArgumentException(
                        "random state: gaussNext is " + gaussNext.getAsDouble() + ", but must be finite");
            }
        }

        /** {@return a copy of the 625 numbers} */
        @Override
        public long[] internal() {
            return internal.clone();
        }

        /** Returns whether both generators will draw the same numbers. */
        @Override
        public boolean equals(Object other) {
            return other instanceof State that
                    && Arrays.equals(internal, that.internal)
                    && gaussNext.equals(that.gaussNext);
        }

        @Override
        public int hashCode() {
            return 31 * Arrays.hashCode(internal) + gaussNext.hashCode();
        }

        @Override
        public String toString() {
            return "State[index " + internal[MersenneTwister.N] + ", gaussNext " + gaussNext + ", words "
                    + Integer.toHexString(Arrays.hashCode(internal)) + "]";
        }
    }
}

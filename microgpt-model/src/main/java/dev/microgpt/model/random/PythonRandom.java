package dev.microgpt.model.random;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/**
 * CPython's {@code random.Random}, so that a run draws what microgpt.py draws: the same shuffle, the same initial
 * weights, the same samples.
 *
 * <p>All methods return CPython's values bit for bit, except {@link #gauss}, whose last bits depend on the C library
 * below CPython. Methods keep Python's names, and behave as in CPython 3.11.
 *
 * <p>Not safe for use by several threads at a time.
 *
 * @see <a href="https://docs.python.org/3.11/library/random.html">Python's random</a>
 */
public final class PythonRandom {
    // 2 π as CPython has it: twice the double nearest to π
    private static final double TWO_PI = 2.0 * Math.PI;

    private final MersenneTwister twister;

    /** The second of the pair that {@link #gauss} draws, while it waits to be handed out. */
    private OptionalDouble gaussNext;

    /**
     * Starts as {@code random.seed(n)} does.
     *
     * @param seed n, read as an unsigned number of 64 bits, 0 … 2<sup>64</sup> − 1: {@code -1L} is Python's
     *     {@code 2**64 - 1}, not its {@code -1}
     */
    public PythonRandom(long seed) {
        twister = new MersenneTwister(key(seed));
        gaussNext = OptionalDouble.empty();
    }

    /**
     * Continues where another generator stood, as after {@code random.setstate}.
     *
     * @param state what {@link #state()} returned there
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
     * @param k how many, 1 … 32; with 32 the result is to be read as unsigned
     * @return the bits, in the lower end of the result
     * @throws IllegalArgumentException if {@code k} is out of range
     */
    public int getrandbits(int k) {
        if (k < 1 || k > 32) {
            throw new IllegalArgumentException("getrandbits: k is " + k + ", it must be in 1 … 32");
        }
        return twister.next() >>> (32 - k);
    }

    /**
     * Returns an integer in [0, n), all equally likely: what Python's {@code randrange(n)} returns.
     *
     * @param n the bound, at least 1
     * @return the integer
     * @throws IllegalArgumentException if {@code n} is less than 1
     */
    public int randbelow(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("randbelow: n is " + n + ", it must be at least 1");
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
     * @param list a list that can be changed, with fast access by index
     */
    public void shuffle(List<?> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            Collections.swap(list, i, randbelow(i + 1));
        }
    }

    /**
     * Returns a normally distributed number: {@code mu + z · sigma}, where z is in turn
     * {@code cos(2πu) · sqrt(−2 log(1 − v))} and {@code sin(2πu) · sqrt(−2 log(1 − v))} for two draws u, v of
     * {@link #random()}.
     *
     * <p>StrictMath gives the same bits everywhere. CPython asks the C library for sin, cos and log, which rounds some
     * values differently: with {@code mu = 0}, about one draw in twenty differs from CPython's on glibc 2.36, most by
     * one ulp and none by more than four. Where a {@code mu} other than zero cancels, the difference is as small, but
     * the ulp of the result is smaller.
     *
     * @param mu the mean
     * @param sigma the standard deviation
     * @return the number
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
     * Returns an index in [0, n), each as likely as its weight says: {@code random.choices(range(n), weights)[0]}.
     *
     * <p>That is the first i with {@code random() · total < weights[0] + … + weights[i]}, summed from the left, and
     * {@code n − 1} where rounding leaves none.
     *
     * @param weights at least {@code n} numbers, none negative or NaN; they need not add up to 1
     * @param n how many of the weights to choose from, at least 1
     * @return the index
     * @throws IllegalArgumentException if {@code n} or a weight is out of range, or the sum of the weights is zero or
     *     infinite; nothing is drawn then
     */
    public int choices(double[] weights, int n) {
        if (n < 1 || n > weights.length) {
            throw new IllegalArgumentException(
                    "choices: n is " + n + ", it must be in 1 … " + weights.length + ", the number of weights");
        }
        double total = 0.0;
        for (int i = 0; i < n; i++) {
            // CPython lets negative weights pass, and then returns whatever its bisection meets
            if (!(weights[i] >= 0.0)) {
                throw new IllegalArgumentException(
                        "choices: weight " + i + " of " + n + " is " + weights[i] + ", it must not be negative or NaN");
            }
            total += weights[i];
        }
        if (!(total > 0.0 && total < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "choices: the total of the " + n + " weights is " + total + ", it must be positive and finite");
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

    /** {@return where this generator stands; {@link #PythonRandom(State)} continues from there} */
    public State state() {
        int[] words = twister.words();
        long[] internal = new long[MersenneTwister.N + 1];
        for (int i = 0; i < words.length; i++) {
            internal[i] = Integer.toUnsignedLong(words[i]);
        }
        internal[MersenneTwister.N] = twister.index();
        return new State(internal, gaussNext);
    }

    // CPython takes a seed in words of 32 bits, least significant first, as many as it needs and at least one
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
     *     of the next word to hand out, in 0 … 624; copied when given and when asked for
     * @param gaussNext the second of the last pair that {@link PythonRandom#gauss} drew, before {@code mu} and
     *     {@code sigma}, or empty if it has been handed out
     */
    public record State(long[] internal, OptionalDouble gaussNext) {
        private static final long MAX_WORD = 0xffff_ffffL;

        /**
         * Checks the layout.
         *
         * @param internal see above
         * @param gaussNext see above
         * @throws IllegalArgumentException if a number is missing, too many or out of range
         */
        public State {
            internal = internal.clone();
            if (internal.length != MersenneTwister.N + 1) {
                throw new IllegalArgumentException("random state: there are " + internal.length
                        + " numbers, there must be " + (MersenneTwister.N + 1) + ": 624 words and an index");
            }
            for (int i = 0; i < internal.length; i++) {
                long max = i < MersenneTwister.N ? MAX_WORD : MersenneTwister.N;
                if (internal[i] < 0 || internal[i] > max) {
                    throw new IllegalArgumentException("random state: number " + i + " of " + internal.length + " is "
                            + internal[i] + ", it must be in 0 … " + max);
                }
            }
            if (gaussNext.isPresent() && !Double.isFinite(gaussNext.getAsDouble())) {
                throw new IllegalArgumentException(
                        "random state: gaussNext is " + gaussNext.getAsDouble() + ", it must be finite");
            }
        }

        /** {@return a copy of the 625 numbers} */
        @Override
        public long[] internal() {
            return internal.clone();
        }

        /** Tells whether both generators will draw the same from here on. */
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

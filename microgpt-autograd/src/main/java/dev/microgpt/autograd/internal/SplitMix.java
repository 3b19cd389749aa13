package dev.microgpt.autograd.internal;

/**
 * The random numbers of SplitMix64: number {@code i} of a stream is {@code mix(key + STEP·(i + 1))}.
 *
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea and Flood, Fast Splittable Pseudorandom Number
 *     Generators, 2014</a>
 */
public final class SplitMix {
    /** 2⁶⁴ divided by the golden ratio. */
    public static final long STEP = 0x9e3779b97f4a7c15L;

    public static final long FIRST_FACTOR = 0xbf58476d1ce4e5b9L;
    public static final long SECOND_FACTOR = 0x94d049bb133111ebL;

    private SplitMix() {}

    /** Returns number {@code counter} of the stream with this key. */
    public static long bits(long key, long counter) {
        return mix(key + STEP * (counter + 1));
    }

    /** The finalizer: every bit of the result depends on every bit of z. */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * FIRST_FACTOR;
        z = (z ^ (z >>> 27)) * SECOND_FACTOR;
        return z ^ (z >>> 31);
    }
}

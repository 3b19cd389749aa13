package dev.microgpt.autograd;

/**
 * A random number for every counter: the number at {@code i} can be had without those before it, in any order and by any
 * thread.
 *
 * <p>That is what dropout and random crops need, whose bits must depend neither on the number of threads nor on how a
 * batch is packed or split. A purpose, a step, a sequence, a layer each take a {@linkplain #child child} of the stream of
 * what they belong to.
 *
 * <p>The numbers are those of SplitMix64, whose state is a counter.
 *
 * @param key what tells this stream from others
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea and Flood, Fast Splittable Pseudorandom Number
 *     Generators, 2014</a>
 */
public record CounterRandom(long key) {
    /** 2⁶⁴ divided by the golden ratio. */
    private static final long STEP = 0x9e3779b97f4a7c15L;

    /** Keeps the keys of children apart from the numbers of their parent. */
    private static final long CHILDREN = 0x5851f42d4c957f2dL;

    private static final double UNIT = 0x1p-53;

    /**
     * Returns a stream within this one.
     *
     * @param index which; different indices give independent streams
     * @return the stream
     */
    public CounterRandom child(long index) {
        return new CounterRandom(mix(mix(key ^ CHILDREN) + STEP * (index + 1)));
    }

    /**
     * Returns 64 random bits.
     *
     * @param counter which
     * @return the bits
     */
    public long bits(long counter) {
        return mix(key + STEP * (counter + 1));
    }

    /**
     * Returns a number from 0 to below 1, all multiples of 2⁻⁵³ with equal probability.
     *
     * @param counter which
     * @return the number
     */
    public double uniform(long counter) {
        return (bits(counter) >>> 11) * UNIT;
    }

    /** The finalizer of SplitMix64: every bit of the result depends on every bit of z. */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

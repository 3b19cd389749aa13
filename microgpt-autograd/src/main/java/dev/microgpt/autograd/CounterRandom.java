package dev.microgpt.autograd;

import dev.microgpt.autograd.internal.SplitMix;
import java.io.Serializable;

/**
 * A counter-based random number generator: number {@code i} of a stream is a function of the key and {@code i} alone,
 * so numbers can be drawn in any order and by any thread.
 *
 * <p>Dropout and random crops need this: their bits must depend neither on the number of threads nor on how a batch is
 * packed or split. Streams form a tree, in which a purpose, a step, a sequence and a layer are each a
 * {@linkplain #child child} of the stream one level above.
 *
 * <p>The numbers are those of SplitMix64, whose state is a counter. Immutable.
 *
 * @param key identifies the stream; equal keys give equal numbers
 * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea and Flood, Fast Splittable Pseudorandom Number
 *     Generators, 2014</a>
 */
public record CounterRandom(long key) implements Serializable {
    /** Separates the keys of children from the numbers of their parent. */
    private static final long CHILDREN = 0x5851f42d4c957f2dL;

    private static final double UNIT = 0x1p-53;

    /**
     * Returns a child of this stream.
     *
     * @param index number of the child; different indices give independent streams
     * @return the stream, the same for every call with this index
     */
    public CounterRandom child(long index) {
        return new CounterRandom(SplitMix.bits(SplitMix.mix(key ^ CHILDREN), index));
    }

    /**
     * Returns 64 random bits.
     *
     * @param counter position in the stream
     * @return all 64 bits, uniformly distributed
     */
    public long bits(long counter) {
        return SplitMix.bits(key, counter);
    }

    /**
     * Returns a number that is uniformly distributed in [0, 1).
     *
     * @param counter position in the stream
     * @return a multiple of 2⁻⁵³, each with equal probability
     */
    public double uniform(long counter) {
        return (bits(counter) >>> 11) * UNIT;
    }
}

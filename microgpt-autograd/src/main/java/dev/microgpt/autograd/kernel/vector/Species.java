package dev.microgpt.autograd.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The only vector species of this process: as wide as the processor prefers.
 *
 * <p>There must not be a second one. If vectors of two widths are in use, C2 of JDK 17 boxes the vectors of unrelated
 * loops, which makes them ten times slower.
 */
public final class Species {
    static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    public static final int LENGTH = SPECIES.length();

    private static final boolean IS_AARCH64 = System.getProperty("os.arch").equals("aarch64");

    /** Whether there are 32 vector registers, as with AVX-512 and on aarch64, and not 16. */
    static final boolean MANY_REGISTERS = LENGTH == 8 || IS_AARCH64;

    /** Whether vectors of {@code long} are multiplied by instructions, which NEON does not have. */
    static final boolean MULTIPLIES_LONGS = !IS_AARCH64;

    private Species() {}
}

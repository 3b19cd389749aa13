package dev.microgpt.autograd.kernel.vector;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector shape of this process: as wide as the processor prefers.
 *
 * <p>There must not be a second one. Where vectors of two widths are in use, C2 of JDK 17 puts vectors of unrelated
 * loops into objects, which makes them ten times slower.
 */
public final class Species {
    static final VectorSpecies<Double> SPECIES = DoubleVector.SPECIES_PREFERRED;
    public static final int LENGTH = SPECIES.length();

    private Species() {}
}

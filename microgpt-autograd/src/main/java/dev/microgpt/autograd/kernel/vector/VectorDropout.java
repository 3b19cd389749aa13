package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.internal.SplitMix;
import dev.microgpt.autograd.kernel.scalar.ScalarDropout;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link ScalarDropout} with vectors, with the same bits. */
final class VectorDropout {
    private static final VectorSpecies<Long> LONGS = VectorSpecies.of(long.class, SPECIES.vectorShape());

    /** What the lanes add to the counter of the first lane. */
    private static final LongVector LANES = LongVector.zero(LONGS).addIndex(1).mul(SplitMix.STEP);

    private VectorDropout() {}

    static void dropout(
            long key,
            long first,
            long limit,
            double kept,
            double[] x,
            int x0,
            double[] y,
            int y0,
            int n,
            boolean accumulate) {
        int whole = n - n % LENGTH;
        LongVector bits = DoubleVector.broadcast(SPECIES, kept).reinterpretAsLongs();
        for (int i = 0; i < whole; i += LENGTH) {
            LongVector z = LANES.add(key + SplitMix.STEP * (first + i + 1));
            z = z.lanewise(VectorOperators.XOR, z.lanewise(VectorOperators.LSHR, 30))
                    .mul(SplitMix.FIRST_FACTOR);
            z = z.lanewise(VectorOperators.XOR, z.lanewise(VectorOperators.LSHR, 27))
                    .mul(SplitMix.SECOND_FACTOR);
            z = z.lanewise(VectorOperators.XOR, z.lanewise(VectorOperators.LSHR, 31))
                    .lanewise(VectorOperators.LSHR, 11);
            LongVector none = z.sub(limit).lanewise(VectorOperators.ASHR, 63);
            DoubleVector factor = bits.lanewise(VectorOperators.AND_NOT, none).reinterpretAsDoubles();
            DoubleVector product = factor.mul(DoubleVector.fromArray(SPECIES, x, x0 + i));
            if (accumulate) {
                product = DoubleVector.fromArray(SPECIES, y, y0 + i).add(product);
            }
            product.intoArray(y, y0 + i);
        }
        ScalarDropout.dropout(key, first + whole, limit, kept, x, x0 + whole, y, y0 + whole, n - whole, accumulate);
    }
}

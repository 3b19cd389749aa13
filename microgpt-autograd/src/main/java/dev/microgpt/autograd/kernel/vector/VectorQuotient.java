package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.function.Quotient;
import jdk.incubator.vector.DoubleVector;

/** {@link Quotient} with vectors, with the same bits. */
final class VectorQuotient {
    private VectorQuotient() {}

    /** As {@link Quotient#of}, operation by operation. */
    static DoubleVector of(DoubleVector a, double b, DoubleVector c) {
        DoubleVector sum = c.add(b);
        DoubleVector lost = c.sub(sum.sub(b));
        DoubleVector reciprocal = DoubleVector.broadcast(SPECIES, 1.0).div(sum);
        DoubleVector y = a.mul(reciprocal);
        DoubleVector excess = y.fma(lost, y.fma(sum, a.neg()));
        return excess.neg().fma(reciprocal, y);
    }
}

package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.function.Exp;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Exp} with vectors for the polynomial, with the same bits.
 *
 * <p>A plain loop multiplies by the power of two, because C2 does not always compile bit casts between floating-point
 * and integer vectors to instructions.
 */
final class VectorExp {
    /** Shorter rows are faster one element at a time. */
    private static final int LEAST = Math.max(LENGTH, 6);

    private VectorExp() {}

    /** Writes {@code y[i] = exp(x[i] − shift)}; x and y must not overlap. */
    static void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        if (n < LEAST) {
            Exp.exp(x, xOffset, shift, y, yOffset, n);
        } else if (expOfRests(x, xOffset, shift, y, yOffset, n)) {
            Exp.scaleNormal(x, xOffset, shift, y, yOffset, n);
        } else {
            Exp.scale(x, xOffset, shift, y, yOffset, n);
        }
    }

    /** Writes {@code exp(r)} of each argument and returns whether all exponentials are normal numbers. */
    private static boolean expOfRests(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        DoubleVector largest = DoubleVector.zero(SPECIES);
        for (int i = 0; i < n; i += LENGTH) {
            int at = Math.min(i, n - LENGTH); // the last vector may recompute some elements
            DoubleVector t = DoubleVector.fromArray(SPECIES, x, xOffset + at).sub(shift);
            DoubleVector size = t.abs();
            largest = size.blend(largest, size.compare(VectorOperators.LT, Exp.NORMAL)); // NaN is kept
            expm1OfRest(t).add(1.0).intoArray(y, yOffset + at);
        }
        return largest.compare(VectorOperators.LT, Exp.NORMAL).allTrue();
    }

    /** As {@link Exp#expm1OfRest}, operation by operation. */
    private static DoubleVector expm1OfRest(DoubleVector x) {
        DoubleVector k = x.fma(vector(Exp.INVERSE_LN_2), vector(Exp.BIAS)).sub(Exp.BIAS);
        DoubleVector minusK = k.neg();
        DoubleVector high = minusK.fma(vector(Exp.LN_2_HIGH), x);
        DoubleVector low = minusK.mul(Exp.LN_2_LOW);
        DoubleVector r = high.add(low);
        DoubleVector z = r.mul(r);
        DoubleVector even = vector(Exp.Q8).fma(z, vector(Exp.Q6));
        even = even.fma(z, vector(Exp.Q4)).fma(z, vector(Exp.Q2)).fma(z, vector(Exp.Q0));
        DoubleVector odd = vector(Exp.Q9).fma(z, vector(Exp.Q7));
        odd = odd.fma(z, vector(Exp.Q5)).fma(z, vector(Exp.Q3)).fma(z, vector(Exp.Q1));
        return high.add(z.fma(r.fma(odd, even), low));
    }

    private static DoubleVector vector(double x) {
        return DoubleVector.broadcast(SPECIES, x);
    }
}

package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.function.Exp;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Exp} with vectors, with the same bits.
 *
 * <p>The loop is one method of more than 325 bytes of bytecode, see {@link VectorErf}.
 */
final class VectorExp {
    /** Shorter rows are faster one element at a time. */
    private static final int LEAST = Math.max(LENGTH, 6);

    private VectorExp() {}

    /** Writes {@code y[i] = exp(x[i] − shift)}; x and y must not overlap. */
    static void exp(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        int whole = n - n % LENGTH;
        int last = n - LENGTH; // where a vector begins that recomputes some elements
        if (n < LEAST
                || !ofNormal(x, xOffset, shift, y, yOffset, whole)
                || (whole < n && !ofNormal(x, xOffset + last, shift, y, yOffset + last, LENGTH))) {
            Exp.exp(x, xOffset, shift, y, yOffset, n);
        }
    }

    /**
     * Writes the exponentials of whole vectors, in place if desired, and returns whether all of them are normal
     * numbers; otherwise they are wrong.
     */
    static boolean ofNormal(double[] x, int xOffset, double shift, double[] y, int yOffset, int n) {
        DoubleVector largest = DoubleVector.zero(SPECIES);
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector t = DoubleVector.fromArray(SPECIES, x, xOffset + i).sub(shift);
            DoubleVector size = t.abs();
            largest = size.blend(largest, size.compare(VectorOperators.LT, Exp.NORMAL)); // NaN is kept
            DoubleVector biased =
                    DoubleVector.broadcast(SPECIES, Exp.INVERSE_LN_2).fma(t, DoubleVector.broadcast(SPECIES, Exp.BIAS));
            DoubleVector k = biased.sub(Exp.BIAS);
            DoubleVector high = k.fma(DoubleVector.broadcast(SPECIES, -Exp.LN_2_HIGH), t);
            DoubleVector low = k.mul(-Exp.LN_2_LOW);
            DoubleVector r = high.add(low);
            DoubleVector z = r.mul(r);
            DoubleVector even = DoubleVector.broadcast(SPECIES, Exp.Q8);
            even = even.fma(z, DoubleVector.broadcast(SPECIES, Exp.Q6));
            even = even.fma(z, DoubleVector.broadcast(SPECIES, Exp.Q4));
            even = even.fma(z, DoubleVector.broadcast(SPECIES, Exp.Q2));
            even = even.fma(z, DoubleVector.broadcast(SPECIES, Exp.Q0));
            DoubleVector odd = DoubleVector.broadcast(SPECIES, Exp.Q9);
            odd = odd.fma(z, DoubleVector.broadcast(SPECIES, Exp.Q7));
            odd = odd.fma(z, DoubleVector.broadcast(SPECIES, Exp.Q5));
            odd = odd.fma(z, DoubleVector.broadcast(SPECIES, Exp.Q3));
            odd = odd.fma(z, DoubleVector.broadcast(SPECIES, Exp.Q1));
            DoubleVector p = high.add(z.fma(r.fma(odd, even), low)).add(1.0);
            LongVector exponent = biased.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
            p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles().intoArray(y, yOffset + i);
        }
        return largest.compare(VectorOperators.LT, Exp.NORMAL).allTrue();
    }
}

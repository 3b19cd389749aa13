package dev.microgpt.autograd.kernel;

import static dev.microgpt.autograd.kernel.Species.LENGTH;
import static dev.microgpt.autograd.kernel.Species.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Adam's update with two of its three divisions replaced by multiplications, to the same bits.
 *
 * <p>The time goes into divisions and roots. The two corrections are the same for all elements, and a quotient by a
 * divisor whose reciprocal {@code r = 1/c} is known is {@code q = fma(fma(−c, x·r, x), r, x·r)}, correctly rounded as
 * {@code x / c} is, unless something underflows or overflows on the way. Vectors with an element that could are divided.
 *
 * @see <a href="https://doi.org/10.1109/TC.2004.37">Brisebarre, Muller and Raina, Accelerating Correctly Rounded
 *     Floating-Point Division When the Divisor Is Known in Advance, 2004, theorem of Markstein</a>
 */
final class VectorAdam {
    /** Between these, no step of the short division leaves the normal numbers; corrections are at least 1e-16. */
    private static final double LEAST = 0x1p-900;

    private static final double MOST = 0x1p900;

    private VectorAdam() {}

    static void update(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            int from,
            int to,
            double beta1,
            double beta2,
            double rate,
            double correction1,
            double correction2,
            double eps) {
        double inverse1 = 1 / correction1;
        double inverse2 = 1 / correction2;
        int i = from;
        for (int end = to - LENGTH; i <= end; i += LENGTH) {
            DoubleVector gi = DoubleVector.fromArray(SPECIES, g, i);
            DoubleVector mi = DoubleVector.fromArray(SPECIES, m, i).mul(beta1).add(gi.mul(1 - beta1));
            DoubleVector vi = DoubleVector.fromArray(SPECIES, v, i)
                    .mul(beta2)
                    .add(gi.mul(gi).mul(1 - beta2));
            mi.intoArray(m, i);
            vi.intoArray(v, i);
            DoubleVector size = mi.abs();
            DoubleVector mHat;
            DoubleVector vHat;
            if (size.min(vi).compare(VectorOperators.GE, LEAST).allTrue()
                    && size.max(vi).compare(VectorOperators.LE, MOST).allTrue()) {
                mHat = quotient(mi, correction1, inverse1);
                vHat = quotient(vi, correction2, inverse2);
            } else {
                mHat = mi.div(correction1);
                vHat = vi.div(correction2);
            }
            DoubleVector change = mHat.mul(rate).div(vHat.sqrt().add(eps));
            DoubleVector.fromArray(SPECIES, p, i).sub(change).intoArray(p, i);
        }
        ScalarAdam.update(p, g, m, v, i, to, beta1, beta2, rate, correction1, correction2, eps);
    }

    private static DoubleVector quotient(DoubleVector x, double divisor, double inverse) {
        DoubleVector near = x.mul(inverse);
        DoubleVector rest = near.fma(DoubleVector.broadcast(SPECIES, -divisor), x);
        return rest.fma(DoubleVector.broadcast(SPECIES, inverse), near);
    }
}

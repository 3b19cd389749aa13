package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.scalar.ScalarAdam;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/** {@link ScalarAdam} with vectors, with the same bits. */
final class VectorAdam {
    private VectorAdam() {}

    static boolean update(
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
        DoubleVector check = DoubleVector.zero(SPECIES);
        int i = from;
        for (int end = to - LENGTH; i <= end; i += LENGTH) {
            DoubleVector gi = DoubleVector.fromArray(SPECIES, g, i);
            DoubleVector mi = DoubleVector.fromArray(SPECIES, m, i).mul(beta1).add(gi.mul(1 - beta1));
            DoubleVector vi = DoubleVector.fromArray(SPECIES, v, i)
                    .mul(beta2)
                    .add(gi.mul(gi).mul(1 - beta2));
            mi.intoArray(m, i);
            vi.intoArray(v, i);
            DoubleVector mHat = quotient(mi, correction1, inverse1);
            DoubleVector vHat = quotient(vi, correction2, inverse2);
            DoubleVector change = mHat.mul(rate).div(vHat.sqrt().add(eps));
            DoubleVector pi = DoubleVector.fromArray(SPECIES, p, i).sub(change);
            pi.intoArray(p, i);
            check = pi.fma(vi, check);
        }
        boolean finite = Double.isFinite(check.reduceLanes(VectorOperators.ADD)); // in any order
        if (i == to) {
            return finite;
        }
        return ScalarAdam.update(p, g, m, v, i, to, beta1, beta2, rate, correction1, correction2, eps) && finite;
    }

    private static DoubleVector quotient(DoubleVector x, double divisor, double inverse) {
        DoubleVector near = x.mul(inverse);
        DoubleVector rest = near.fma(DoubleVector.broadcast(SPECIES, -divisor), x);
        return rest.fma(DoubleVector.broadcast(SPECIES, inverse), near);
    }
}

package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.function.Exp;
import dev.microgpt.autograd.kernel.function.Tanh;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Tanh} with vectors, with the same bits. */
final class VectorTanh {
    private static final long SATURATED = Double.doubleToRawLongBits(Tanh.SATURATED);

    private VectorTanh() {}

    /** Writes {@code y[i] = tanh(x[i])}; x and y must not overlap. */
    static void tanh(double[] x, int xOffset, double[] y, int yOffset, int n) {
        int whole = n - n % LENGTH;
        Tanh.expm1OfRests(x, xOffset, y, yOffset, whole);
        quotients(x, xOffset, y, yOffset, whole);
        Tanh.tanh(x, xOffset + whole, y, yOffset + whole, n - whole);
    }

    private static void quotients(double[] x, int xOffset, double[] y, int yOffset, int n) {
        DoubleVector one = DoubleVector.broadcast(SPECIES, 1.0);
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector t = DoubleVector.fromArray(SPECIES, x, xOffset + i);
            LongVector size = t.abs().reinterpretAsLongs(); // ordered like the numbers, see VectorErf
            DoubleVector twice = size.min(SATURATED).reinterpretAsDoubles().mul(2.0);
            LongVector exponent = twice.fma(
                            DoubleVector.broadcast(SPECIES, Exp.INVERSE_LN_2),
                            DoubleVector.broadcast(SPECIES, Exp.BIAS))
                    .reinterpretAsLongs()
                    .lanewise(VectorOperators.LSHL, 52);
            DoubleVector power = one.reinterpretAsLongs().add(exponent).reinterpretAsDoubles();
            DoubleVector q = DoubleVector.fromArray(SPECIES, y, yOffset + i);
            DoubleVector m = power.fma(q, power.sub(1.0));
            DoubleVector z = VectorQuotient.of(m, 2.0, m);
            LongVector sign = t.reinterpretAsLongs().and(Long.MIN_VALUE);
            z.reinterpretAsLongs().or(sign).reinterpretAsDoubles().intoArray(y, yOffset + i);
        }
    }
}

package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.function.Sigmoid;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/** {@link Sigmoid} with vectors, with the same bits. */
final class VectorSigmoid {
    private VectorSigmoid() {}

    /** Writes {@code y[i] = 1 / (1 + exp(−x[i]))}; x and y must not overlap. */
    static void sigmoid(double[] x, int xOffset, double[] y, int yOffset, int n) {
        int whole = n - n % LENGTH;
        Sigmoid.minusAbs(x, xOffset, y, yOffset, whole);
        int done = 0;
        if (VectorExp.ofNormal(y, yOffset, 0.0, y, yOffset, whole)) {
            quotients(x, xOffset, y, yOffset, whole);
            done = whole;
        }
        Sigmoid.sigmoid(x, xOffset + done, y, yOffset + done, n - done);
    }

    private static void quotients(double[] x, int xOffset, double[] y, int yOffset, int n) {
        DoubleVector one = DoubleVector.broadcast(SPECIES, 1.0);
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector e = DoubleVector.fromArray(SPECIES, y, yOffset + i);
            DoubleVector t = DoubleVector.fromArray(SPECIES, x, xOffset + i);
            DoubleVector numerator = one.blend(e, t.compare(VectorOperators.LT, 0.0));
            VectorQuotient.of(numerator, 1.0, e).intoArray(y, yOffset + i);
        }
    }
}

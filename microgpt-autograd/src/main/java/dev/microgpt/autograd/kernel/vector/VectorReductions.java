package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.scalar.LoopKernels;
import dev.microgpt.autograd.kernel.scalar.Reductions;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorOperators;

/** The {@link Reductions} that vectors speed up, with the same bits. */
final class VectorReductions {
    private static final int LEAST = Math.max(LENGTH, 16);

    private VectorReductions() {}

    /** A maximum does not depend on the order, nor on elements that the last vector reads a second time. */
    static double max(double[] x, int xOffset, int n) {
        if (n < LEAST) {
            return Reductions.max(x, xOffset, n);
        }
        int last = xOffset + n - LENGTH;
        DoubleVector even = DoubleVector.fromArray(SPECIES, x, last);
        DoubleVector odd = even;
        int i = xOffset;
        for (; i < last - LENGTH; i += 2 * LENGTH) {
            even = even.max(DoubleVector.fromArray(SPECIES, x, i));
            odd = odd.max(DoubleVector.fromArray(SPECIES, x, i + LENGTH));
        }
        if (i < last) {
            even = even.max(DoubleVector.fromArray(SPECIES, x, i));
        }
        return even.max(odd).reduceLanes(VectorOperators.MAX);
    }

    /** {@code dx[i] (+)= alpha·(y[i]·(dy[i] − Σ dy·y))}. */
    static void softmaxGradient(
            double alpha, double[] y, int y0, double[] dy, int dy0, double[] dx, int dx0, int n, boolean accumulate) {
        double dot = Reductions.dot(dy, dy0, y, y0, n);
        int i = 0;
        for (int end = n - LENGTH; i <= end; i += LENGTH) {
            DoubleVector d = DoubleVector.fromArray(SPECIES, dy, dy0 + i).sub(dot);
            DoubleVector gradient =
                    DoubleVector.fromArray(SPECIES, y, y0 + i).mul(d).mul(alpha);
            if (accumulate) {
                gradient = DoubleVector.fromArray(SPECIES, dx, dx0 + i).add(gradient);
            }
            gradient.intoArray(dx, dx0 + i);
        }
        LoopKernels.softmaxGradient(alpha, dot, y, y0 + i, dy, dy0 + i, dx, dx0 + i, n - i, accumulate);
    }
}

package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.function.Erf;
import jdk.incubator.vector.DoubleVector;

/** {@link Erf} with vectors, with the same bits. */
final class VectorErf {
    private VectorErf() {}

    /** Writes {@code y[i] = erf(x[i])}; x and y must not overlap. */
    static void erf(double[] x, int xOffset, double[] y, int yOffset, int n) {
        int whole = n - n % LENGTH;
        rise(x, xOffset, y, yOffset, whole);
        addRest(x, xOffset, y, yOffset, whole);
        for (int i = whole; i < n; i++) {
            y[yOffset + i] = Erf.erf(x[xOffset + i]);
        }
    }

    // Two loops, because C2 does not inline everything in a single one.

    private static void rise(double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector far = DoubleVector.fromArray(SPECIES, x, xOffset + i)
                    .abs()
                    .max(Erf.SPLIT)
                    .min(Erf.SATURATED);
            vector(Erf.R_AT_SPLIT_8).sub(eighthPower(r(far))).intoArray(y, yOffset + i);
        }
    }

    private static void addRest(double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector near = DoubleVector.fromArray(SPECIES, x, xOffset + i)
                    .min(Erf.SPLIT)
                    .max(-Erf.SPLIT);
            DoubleVector rise = DoubleVector.fromArray(SPECIES, y, yOffset + i);
            rise.fma(near, near.fma(p(near), near)).intoArray(y, yOffset + i);
        }
    }

    private static DoubleVector p(DoubleVector x) {
        DoubleVector w = x.fma(x, vector(-0.5 * Erf.SPLIT * Erf.SPLIT));
        DoubleVector p = vector(Erf.P13).fma(w, vector(Erf.P12));
        p = p.fma(w, vector(Erf.P11)).fma(w, vector(Erf.P10)).fma(w, vector(Erf.P9));
        p = p.fma(w, vector(Erf.P8)).fma(w, vector(Erf.P7)).fma(w, vector(Erf.P6));
        p = p.fma(w, vector(Erf.P5)).fma(w, vector(Erf.P4)).fma(w, vector(Erf.P3));
        return p.fma(w, vector(Erf.P2)).fma(w, vector(Erf.P1)).fma(w, vector(Erf.P0));
    }

    private static DoubleVector r(DoubleVector x) {
        DoubleVector h = x.sub(Erf.SPLIT);
        DoubleVector r = vector(Erf.R15).fma(h, vector(Erf.R14));
        r = r.fma(h, vector(Erf.R13)).fma(h, vector(Erf.R12)).fma(h, vector(Erf.R11));
        r = r.fma(h, vector(Erf.R10)).fma(h, vector(Erf.R9)).fma(h, vector(Erf.R8));
        r = r.fma(h, vector(Erf.R7)).fma(h, vector(Erf.R6)).fma(h, vector(Erf.R5));
        r = r.fma(h, vector(Erf.R4)).fma(h, vector(Erf.R3)).fma(h, vector(Erf.R2));
        return r.fma(h, vector(Erf.R1)).fma(h, vector(Erf.R0));
    }

    private static DoubleVector eighthPower(DoubleVector r) {
        DoubleVector square = r.mul(r);
        DoubleVector fourth = square.mul(square);
        return fourth.mul(fourth);
    }

    private static DoubleVector vector(double x) {
        return DoubleVector.broadcast(SPECIES, x);
    }
}

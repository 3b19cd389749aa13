package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;

import dev.microgpt.autograd.kernel.function.Erf;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link Erf} with vectors, with the same bits.
 *
 * <p>Two loops, because C2 inlines only so much into one method; and each is one method of more than 325 bytes of
 * bytecode ({@code FreqInlineSize}), because otherwise C2 may inline both loops into their caller, which is too much
 * again. Numbers without a sign are ordered like their bits, so {@code min} and {@code max} of integers clamp them, one
 * instruction each; those of doubles distinguish zeros, and comparisons of JDK 17 cost several.
 */
final class VectorErf {
    private static final long SPLIT = Double.doubleToRawLongBits(Erf.SPLIT);
    private static final long SATURATED = Double.doubleToRawLongBits(Erf.SATURATED);

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

    private static void rise(double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += LENGTH) {
            LongVector size =
                    DoubleVector.fromArray(SPECIES, x, xOffset + i).abs().reinterpretAsLongs();
            DoubleVector far = size.max(SPLIT).min(SATURATED).reinterpretAsDoubles(); // NaN becomes 6
            DoubleVector h = far.sub(Erf.SPLIT);
            DoubleVector r = DoubleVector.broadcast(SPECIES, Erf.R15);
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R14));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R13));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R12));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R11));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R10));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R9));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R8));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R7));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R6));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R5));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R4));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R3));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R2));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R1));
            r = r.fma(h, DoubleVector.broadcast(SPECIES, Erf.R0));
            DoubleVector square = r.mul(r);
            DoubleVector fourth = square.mul(square);
            DoubleVector rise =
                    DoubleVector.broadcast(SPECIES, Erf.R_AT_SPLIT_8).sub(fourth.mul(fourth));
            rise.intoArray(y, yOffset + i);
        }
    }

    private static void addRest(double[] x, int xOffset, double[] y, int yOffset, int n) {
        for (int i = 0; i < n; i += LENGTH) {
            DoubleVector near = DoubleVector.fromArray(SPECIES, x, xOffset + i);
            LongVector sign = near.reinterpretAsLongs().and(Long.MIN_VALUE);
            DoubleVector limit = sign.or(SPLIT).reinterpretAsDoubles();
            near = near.blend(limit, near.abs().compare(VectorOperators.GT, Erf.SPLIT)); // NaN is kept
            DoubleVector w = near.fma(near, DoubleVector.broadcast(SPECIES, -0.5 * Erf.SPLIT * Erf.SPLIT));
            DoubleVector p = DoubleVector.broadcast(SPECIES, Erf.P13);
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P12));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P11));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P10));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P9));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P8));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P7));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P6));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P5));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P4));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P3));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P2));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P1));
            p = p.fma(w, DoubleVector.broadcast(SPECIES, Erf.P0));
            DoubleVector rise = DoubleVector.fromArray(SPECIES, y, yOffset + i);
            rise.fma(near, near.fma(p, near)).intoArray(y, yOffset + i);
        }
    }
}

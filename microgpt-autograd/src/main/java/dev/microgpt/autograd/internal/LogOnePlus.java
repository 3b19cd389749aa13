package dev.microgpt.autograd.internal;

import dev.microgpt.autograd.Kernels;

/** The logarithm of {@code 1 + e}, with all digits also of small results. */
public final class LogOnePlus {
    private LogOnePlus() {}

    /** Writes {@code y[i] = log(1 + e[i])} for elements of at least 0; {@code y} must not be {@code e}. */
    public static void of(Kernels kernels, double[] e, double[] y, int from, int to) {
        for (int i = from; i < to; i++) {
            y[i] = 1.0 + e[i];
        }
        kernels.log(y, from, y, from, to - from);
        for (int i = from; i < to; i++) {
            // log(1 + e) = log(u) · e / (u − 1) with u = 1 + e as rounded: the errors of both factors cancel
            double rounded = (1.0 + e[i]) - 1.0;
            y[i] = rounded == 0 ? e[i] : y[i] * (e[i] / rounded);
        }
    }
}

package dev.microgpt.benchmarks.handwritten;

import dev.microgpt.autograd.Kernels;

/** Adam on one array, with the arithmetic of {@link dev.microgpt.train.Adam}. */
final class FlatAdam {
    /** For each parameter, with divisions and the root counted by their cost in multiply-adds. */
    private static final int OPERATIONS = 20;

    private final Kernels kernels = Kernels.active();
    private final double beta1;
    private final double beta2;
    private final double eps;
    private final double[] m;
    private final double[] v;
    private int updates;

    FlatAdam(int size, double beta1, double beta2, double eps) {
        this.beta1 = beta1;
        this.beta2 = beta2;
        this.eps = eps;
        m = new double[size];
        v = new double[size];
    }

    void step(double[] p, double[] g, double rate) {
        updates++;
        double correction1 = 1 - StrictMath.pow(beta1, updates);
        double correction2 = 1 - StrictMath.pow(beta2, updates);
        kernels.parallel(
                p.length,
                (long) OPERATIONS * p.length,
                (part, from, to) -> update(p, g, m, v, from, to, rate, correction1, correction2));
    }

    // a separate method with the arrays as arguments, because C2 then vectorizes the loop
    private void update(
            double[] p,
            double[] g,
            double[] m,
            double[] v,
            int from,
            int to,
            double rate,
            double correction1,
            double correction2) {
        for (int i = from; i < to; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1 - beta2) * (g[i] * g[i]);
            p[i] -= rate * (m[i] / correction1) / (Math.sqrt(v[i] / correction2) + eps);
        }
    }
}

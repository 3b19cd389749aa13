package dev.microgpt.autograd.kernel;

/** Adam's update as a loop, which the compiler turns into vector instructions. */
final class ScalarAdam {
    private ScalarAdam() {}

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
        for (int i = from; i < to; i++) {
            m[i] = beta1 * m[i] + (1 - beta1) * g[i];
            v[i] = beta2 * v[i] + (1 - beta2) * (g[i] * g[i]);
            p[i] -= rate * (m[i] / correction1) / (Math.sqrt(v[i] / correction2) + eps);
        }
    }
}

package dev.microgpt.autograd;

/**
 * Sets arrays to zero at full speed from the first call.
 *
 * <p>A loop, such as the one in {@code Arrays.fill}, is slow until it is compiled, which takes half of a short run.
 */
final class Zeros {
    private static final double[] ZEROS = new double[1024];

    private Zeros() {}

    /** Sets the first {@code n} elements to {@code +0.0}. */
    static void write(Kernels kernels, double[] x, int n) {
        if (n <= ZEROS.length) {
            System.arraycopy(ZEROS, 0, x, 0, n);
            return;
        }
        kernels.parallel(n, n, new Kernels.Range() {
            @Override
            public void run(int part, int from, int to) {
                for (int i = from; i < to; i += ZEROS.length) {
                    System.arraycopy(ZEROS, 0, x, i, Math.min(ZEROS.length, to - i));
                }
            }
        });
    }
}

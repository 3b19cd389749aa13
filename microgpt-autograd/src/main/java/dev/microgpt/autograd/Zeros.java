package dev.microgpt.autograd;

/** Sets arrays to zero, at full speed from the first call on: a loop, such as that of {@code Arrays.fill}, is slow until
 * it is compiled, which takes half of a short run. */
final class Zeros {
    private static final double[] ZEROS = new double[1024];

    private Zeros() {}

    /** Sets the first {@code n} elements to {@code +0.0}. */
    static void write(double[] x, int n) {
        for (int from = 0; from < n; from += ZEROS.length) {
            System.arraycopy(ZEROS, 0, x, from, Math.min(ZEROS.length, n - from));
        }
    }
}

package dev.microgpt.autograd.kernel.scalar;

/**
 * A long row times the rows of B, as in generation, which reads each weight once per token and is limited by memory.
 *
 * <p>Eight rows at a time keep more loads of B in flight than four. Unlike the general loop of {@link ProductTiles},
 * this one is counted, so C2 removes its bounds checks: with half the instructions, the processor looks twice as far
 * ahead.
 */
final class LongRows {
    /** Below this length, the prologue and epilogue of a counted loop cost more than it saves. */
    static final int LEAST = 128;

    private static final int ROWS = 8;

    private LongRows() {}

    /**
     * {@code c[c0 + j] (+)= Σ_p a[a0 + p]·b[b0 + j·bRow + p]} for each whole group of eight {@code j}.
     *
     * @return the number of elements computed
     */
    static int product(
            int n, int k, double[] a, int a0, double[] b, int b0, int bRow, double[] c, int c0, boolean accumulate) {
        int whole = n - n % ROWS;
        for (int j = 0; j < whole; j += ROWS) {
            eight(k, a, a0, b, b0 + j * bRow, bRow, c, c0 + j, accumulate);
        }
        return whole;
    }

    private static void eight(
            int k, double[] a, int a0, double[] b, int b0, int bRow, double[] c, int c0, boolean accumulate) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, s4 = 0, s5 = 0, s6 = 0, s7 = 0;
        if (accumulate) {
            s0 = c[c0];
            s1 = c[c0 + 1];
            s2 = c[c0 + 2];
            s3 = c[c0 + 3];
            s4 = c[c0 + 4];
            s5 = c[c0 + 5];
            s6 = c[c0 + 6];
            s7 = c[c0 + 7];
        }
        int b1 = b0 + bRow;
        int b2 = b1 + bRow;
        int b3 = b2 + bRow;
        int b4 = b3 + bRow;
        int b5 = b4 + bRow;
        int b6 = b5 + bRow;
        int b7 = b6 + bRow;
        for (int p = 0; p < k; p++) {
            double x = a[a0 + p];
            s0 = Math.fma(x, b[b0 + p], s0);
            s1 = Math.fma(x, b[b1 + p], s1);
            s2 = Math.fma(x, b[b2 + p], s2);
            s3 = Math.fma(x, b[b3 + p], s3);
            s4 = Math.fma(x, b[b4 + p], s4);
            s5 = Math.fma(x, b[b5 + p], s5);
            s6 = Math.fma(x, b[b6 + p], s6);
            s7 = Math.fma(x, b[b7 + p], s7);
        }
        c[c0] = s0;
        c[c0 + 1] = s1;
        c[c0 + 2] = s2;
        c[c0 + 3] = s3;
        c[c0 + 4] = s4;
        c[c0 + 5] = s5;
        c[c0 + 6] = s6;
        c[c0 + 7] = s7;
    }
}

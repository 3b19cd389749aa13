package dev.microgpt.autograd.kernel.scalar;

/**
 * The matrix product in register tiles of 4 × 4, whose sixteen independent sums hide the latency of {@code fma}.
 *
 * <p>Each sum is one chain over the inner index.
 */
public final class ProductTiles {
    private ProductTiles() {}

    /**
     * {@code C[i, j] (+)= Σ_p A[i, p]·B[p, j]} with {@code A[i, p] = a[a0 + i·aRow + p·aStep]} and
     * {@code B[p, j] = b[b0 + p·bStep + j·bColumn]}.
     */
    public static void product(
            int m,
            int n,
            int k,
            double[] a,
            int a0,
            int aRow,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        assert aStep > 0 && bStep > 0 : "the loops over the inner index end when they reach its last step";
        int rows = m & -4;
        int columns = n & -4;
        for (int i = 0; i < rows; i += 4) {
            for (int j = 0; j < columns; j += 4) {
                int ai = a0 + i * aRow;
                int bj = b0 + j * bColumn;
                tile4x4(k, a, ai, aRow, aStep, b, bj, bStep, bColumn, c, c0 + i * cRow + j, cRow, accumulate);
            }
        }
        // the edges are separate methods because C2 takes much longer to compile one large method
        if (columns < n) {
            lastColumns(rows, columns, n, k, a, a0, aRow, aStep, b, b0, bStep, bColumn, c, c0, cRow, accumulate);
        }
        if (rows < m) {
            lastRows(rows, m, n, k, a, a0, aRow, aStep, b, b0, bStep, bColumn, c, c0, cRow, accumulate);
        }
    }

    /** The columns from {@code first}, for the rows that fill tiles. */
    private static void lastColumns(
            int rows,
            int first,
            int n,
            int k,
            double[] a,
            int a0,
            int aRow,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        for (int i = 0; i < rows; i += 4) {
            for (int j = first; j < n; j++) {
                // four rows of one column are one row of four columns in the transposed product
                int ai = a0 + i * aRow;
                int bj = b0 + j * bColumn;
                tile1x4(k, b, bj, bStep, a, ai, aStep, aRow, c, c0 + i * cRow + j, cRow, accumulate);
            }
        }
    }

    /** The rows from {@code first}. */
    private static void lastRows(
            int first,
            int m,
            int n,
            int k,
            double[] a,
            int a0,
            int aRow,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        for (int i = first; i < m; i++) {
            row(n, k, a, a0 + i * aRow, aStep, b, b0, bStep, bColumn, c, c0 + i * cRow, accumulate);
        }
    }

    /** One row of the product: {@code c[c0 + j] (+)= Σ_p a[a0 + p·aStep]·B[p, j]}. */
    static void row(
            int n,
            int k,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            boolean accumulate) {
        boolean isLong = aStep == 1 && bStep == 1 && k >= LongRows.LEAST;
        int j = isLong ? LongRows.product(n, k, a, a0, b, b0, bColumn, c, c0, accumulate) : 0;
        for (; j + 8 <= n; j += 8) {
            tile1x8(k, a, a0, aStep, b, b0 + j * bColumn, bStep, bColumn, c, c0 + j, accumulate);
        }
        for (; j + 4 <= n; j += 4) {
            tile1x4(k, a, a0, aStep, b, b0 + j * bColumn, bStep, bColumn, c, c0 + j, 1, accumulate);
        }
        for (; j < n; j++) {
            c[c0 + j] = chain(k, a, a0, aStep, b, b0 + j * bColumn, bStep, accumulate ? c[c0 + j] : 0.0);
        }
    }

    private static void tile4x4(
            int k,
            double[] a,
            int a0,
            int aRow,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        double s00 = 0, s01 = 0, s02 = 0, s03 = 0;
        double s10 = 0, s11 = 0, s12 = 0, s13 = 0;
        double s20 = 0, s21 = 0, s22 = 0, s23 = 0;
        double s30 = 0, s31 = 0, s32 = 0, s33 = 0;
        if (accumulate) {
            s00 = c[c0];
            s01 = c[c0 + 1];
            s02 = c[c0 + 2];
            s03 = c[c0 + 3];
            s10 = c[c1];
            s11 = c[c1 + 1];
            s12 = c[c1 + 2];
            s13 = c[c1 + 3];
            s20 = c[c2];
            s21 = c[c2 + 1];
            s22 = c[c2 + 2];
            s23 = c[c2 + 3];
            s30 = c[c3];
            s31 = c[c3 + 1];
            s32 = c[c3 + 2];
            s33 = c[c3 + 3];
        }
        for (int ap = a0, bp = b0, end = a0 + k * aStep; ap != end; ap += aStep, bp += bStep) {
            double x0 = a[ap];
            double x1 = a[ap + aRow];
            double x2 = a[ap + 2 * aRow];
            double x3 = a[ap + 3 * aRow];
            double y0 = b[bp];
            double y1 = b[bp + bColumn];
            double y2 = b[bp + 2 * bColumn];
            double y3 = b[bp + 3 * bColumn];
            s00 = Math.fma(x0, y0, s00);
            s01 = Math.fma(x0, y1, s01);
            s02 = Math.fma(x0, y2, s02);
            s03 = Math.fma(x0, y3, s03);
            s10 = Math.fma(x1, y0, s10);
            s11 = Math.fma(x1, y1, s11);
            s12 = Math.fma(x1, y2, s12);
            s13 = Math.fma(x1, y3, s13);
            s20 = Math.fma(x2, y0, s20);
            s21 = Math.fma(x2, y1, s21);
            s22 = Math.fma(x2, y2, s22);
            s23 = Math.fma(x2, y3, s23);
            s30 = Math.fma(x3, y0, s30);
            s31 = Math.fma(x3, y1, s31);
            s32 = Math.fma(x3, y2, s32);
            s33 = Math.fma(x3, y3, s33);
        }
        c[c0] = s00;
        c[c0 + 1] = s01;
        c[c0 + 2] = s02;
        c[c0 + 3] = s03;
        c[c1] = s10;
        c[c1 + 1] = s11;
        c[c1 + 2] = s12;
        c[c1 + 3] = s13;
        c[c2] = s20;
        c[c2 + 1] = s21;
        c[c2 + 2] = s22;
        c[c2 + 3] = s23;
        c[c3] = s30;
        c[c3 + 1] = s31;
        c[c3 + 2] = s32;
        c[c3 + 3] = s33;
    }

    /** One row by four columns; the four results are {@code cStep} apart. */
    private static void tile1x4(
            int k,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            int cStep,
            boolean accumulate) {
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
        if (accumulate) {
            s0 = c[c0];
            s1 = c[c0 + cStep];
            s2 = c[c0 + 2 * cStep];
            s3 = c[c0 + 3 * cStep];
        }
        for (int ap = a0, bp = b0, end = a0 + k * aStep; ap != end; ap += aStep, bp += bStep) {
            double x = a[ap];
            s0 = Math.fma(x, b[bp], s0);
            s1 = Math.fma(x, b[bp + bColumn], s1);
            s2 = Math.fma(x, b[bp + 2 * bColumn], s2);
            s3 = Math.fma(x, b[bp + 3 * bColumn], s3);
        }
        c[c0] = s0;
        c[c0 + cStep] = s1;
        c[c0 + 2 * cStep] = s2;
        c[c0 + 3 * cStep] = s3;
    }

    /** One row by eight columns. */
    private static void tile1x8(
            int k,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            int bColumn,
            double[] c,
            int c0,
            boolean accumulate) {
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
        for (int ap = a0, bp = b0, end = a0 + k * aStep; ap != end; ap += aStep, bp += bStep) {
            double x = a[ap];
            s0 = Math.fma(x, b[bp], s0);
            s1 = Math.fma(x, b[bp + bColumn], s1);
            s2 = Math.fma(x, b[bp + 2 * bColumn], s2);
            s3 = Math.fma(x, b[bp + 3 * bColumn], s3);
            s4 = Math.fma(x, b[bp + 4 * bColumn], s4);
            s5 = Math.fma(x, b[bp + 5 * bColumn], s5);
            s6 = Math.fma(x, b[bp + 6 * bColumn], s6);
            s7 = Math.fma(x, b[bp + 7 * bColumn], s7);
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

    private static double chain(int k, double[] a, int a0, int aStep, double[] b, int b0, int bStep, double sum) {
        for (int ap = a0, bp = b0, end = a0 + k * aStep; ap != end; ap += aStep, bp += bStep) {
            sum = Math.fma(a[ap], b[bp], sum);
        }
        return sum;
    }
}

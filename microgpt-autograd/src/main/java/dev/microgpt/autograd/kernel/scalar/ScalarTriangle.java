package dev.microgpt.autograd.kernel.scalar;

/**
 * Four rows by four columns of a product with a lower triangle, with sixteen sums in registers.
 *
 * <p>The triangle itself is unrolled: a loop with a different number of steps for each row costs more in mispredicted
 * branches than in arithmetic.
 */
final class ScalarTriangle {
    private ScalarTriangle() {}

    /** {@code C (+)= A·B}, where row i of A ends after {@code past + i + 1} elements. */
    static void nn(
            int past,
            double[] a,
            int a0,
            int aRow,
            double[] b,
            int b0,
            int bStep,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
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
        int bp = b0;
        for (int p = 0; p < past; p++, bp += bStep) {
            double y0 = b[bp];
            double y1 = b[bp + 1];
            double y2 = b[bp + 2];
            double y3 = b[bp + 3];
            double x0 = a[a0 + p];
            s00 = Math.fma(x0, y0, s00);
            s01 = Math.fma(x0, y1, s01);
            s02 = Math.fma(x0, y2, s02);
            s03 = Math.fma(x0, y3, s03);
            double x1 = a[a1 + p];
            s10 = Math.fma(x1, y0, s10);
            s11 = Math.fma(x1, y1, s11);
            s12 = Math.fma(x1, y2, s12);
            s13 = Math.fma(x1, y3, s13);
            double x2 = a[a2 + p];
            s20 = Math.fma(x2, y0, s20);
            s21 = Math.fma(x2, y1, s21);
            s22 = Math.fma(x2, y2, s22);
            s23 = Math.fma(x2, y3, s23);
            double x3 = a[a3 + p];
            s30 = Math.fma(x3, y0, s30);
            s31 = Math.fma(x3, y1, s31);
            s32 = Math.fma(x3, y2, s32);
            s33 = Math.fma(x3, y3, s33);
        }
        double y0 = b[bp];
        double y1 = b[bp + 1];
        double y2 = b[bp + 2];
        double y3 = b[bp + 3];
        double x = a[a0 + past];
        s00 = Math.fma(x, y0, s00);
        s01 = Math.fma(x, y1, s01);
        s02 = Math.fma(x, y2, s02);
        s03 = Math.fma(x, y3, s03);
        x = a[a1 + past];
        s10 = Math.fma(x, y0, s10);
        s11 = Math.fma(x, y1, s11);
        s12 = Math.fma(x, y2, s12);
        s13 = Math.fma(x, y3, s13);
        x = a[a2 + past];
        s20 = Math.fma(x, y0, s20);
        s21 = Math.fma(x, y1, s21);
        s22 = Math.fma(x, y2, s22);
        s23 = Math.fma(x, y3, s23);
        x = a[a3 + past];
        s30 = Math.fma(x, y0, s30);
        s31 = Math.fma(x, y1, s31);
        s32 = Math.fma(x, y2, s32);
        s33 = Math.fma(x, y3, s33);
        bp += bStep;
        y0 = b[bp];
        y1 = b[bp + 1];
        y2 = b[bp + 2];
        y3 = b[bp + 3];
        x = a[a1 + past + 1];
        s10 = Math.fma(x, y0, s10);
        s11 = Math.fma(x, y1, s11);
        s12 = Math.fma(x, y2, s12);
        s13 = Math.fma(x, y3, s13);
        x = a[a2 + past + 1];
        s20 = Math.fma(x, y0, s20);
        s21 = Math.fma(x, y1, s21);
        s22 = Math.fma(x, y2, s22);
        s23 = Math.fma(x, y3, s23);
        x = a[a3 + past + 1];
        s30 = Math.fma(x, y0, s30);
        s31 = Math.fma(x, y1, s31);
        s32 = Math.fma(x, y2, s32);
        s33 = Math.fma(x, y3, s33);
        bp += bStep;
        y0 = b[bp];
        y1 = b[bp + 1];
        y2 = b[bp + 2];
        y3 = b[bp + 3];
        x = a[a2 + past + 2];
        s20 = Math.fma(x, y0, s20);
        s21 = Math.fma(x, y1, s21);
        s22 = Math.fma(x, y2, s22);
        s23 = Math.fma(x, y3, s23);
        x = a[a3 + past + 2];
        s30 = Math.fma(x, y0, s30);
        s31 = Math.fma(x, y1, s31);
        s32 = Math.fma(x, y2, s32);
        s33 = Math.fma(x, y3, s33);
        bp += bStep;
        y0 = b[bp];
        y1 = b[bp + 1];
        y2 = b[bp + 2];
        y3 = b[bp + 3];
        x = a[a3 + past + 3];
        s30 = Math.fma(x, y0, s30);
        s31 = Math.fma(x, y1, s31);
        s32 = Math.fma(x, y2, s32);
        s33 = Math.fma(x, y3, s33);
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

    /**
     * {@code C (+)= Aᵀ·B}, where column i of A begins in row i of the triangle, and all end after {@code 4 + later}
     * rows.
     */
    static void tn(
            int later,
            double[] a,
            int a0,
            int aStep,
            double[] b,
            int b0,
            int bStep,
            double[] c,
            int c0,
            int cRow,
            boolean accumulate) {
        int a1 = a0 + aStep;
        int a2 = a1 + aStep;
        int a3 = a2 + aStep;
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
        double y0 = b[b0];
        double y1 = b[b0 + 1];
        double y2 = b[b0 + 2];
        double y3 = b[b0 + 3];
        double x = a[a0];
        s00 = Math.fma(x, y0, s00);
        s01 = Math.fma(x, y1, s01);
        s02 = Math.fma(x, y2, s02);
        s03 = Math.fma(x, y3, s03);
        int bp = b0 + bStep;
        y0 = b[bp];
        y1 = b[bp + 1];
        y2 = b[bp + 2];
        y3 = b[bp + 3];
        x = a[a1];
        s00 = Math.fma(x, y0, s00);
        s01 = Math.fma(x, y1, s01);
        s02 = Math.fma(x, y2, s02);
        s03 = Math.fma(x, y3, s03);
        x = a[a1 + 1];
        s10 = Math.fma(x, y0, s10);
        s11 = Math.fma(x, y1, s11);
        s12 = Math.fma(x, y2, s12);
        s13 = Math.fma(x, y3, s13);
        bp += bStep;
        y0 = b[bp];
        y1 = b[bp + 1];
        y2 = b[bp + 2];
        y3 = b[bp + 3];
        x = a[a2];
        s00 = Math.fma(x, y0, s00);
        s01 = Math.fma(x, y1, s01);
        s02 = Math.fma(x, y2, s02);
        s03 = Math.fma(x, y3, s03);
        x = a[a2 + 1];
        s10 = Math.fma(x, y0, s10);
        s11 = Math.fma(x, y1, s11);
        s12 = Math.fma(x, y2, s12);
        s13 = Math.fma(x, y3, s13);
        x = a[a2 + 2];
        s20 = Math.fma(x, y0, s20);
        s21 = Math.fma(x, y1, s21);
        s22 = Math.fma(x, y2, s22);
        s23 = Math.fma(x, y3, s23);
        bp += bStep;
        for (int p = 0, ap = a3; p <= later; p++, ap += aStep, bp += bStep) {
            y0 = b[bp];
            y1 = b[bp + 1];
            y2 = b[bp + 2];
            y3 = b[bp + 3];
            x = a[ap];
            s00 = Math.fma(x, y0, s00);
            s01 = Math.fma(x, y1, s01);
            s02 = Math.fma(x, y2, s02);
            s03 = Math.fma(x, y3, s03);
            x = a[ap + 1];
            s10 = Math.fma(x, y0, s10);
            s11 = Math.fma(x, y1, s11);
            s12 = Math.fma(x, y2, s12);
            s13 = Math.fma(x, y3, s13);
            x = a[ap + 2];
            s20 = Math.fma(x, y0, s20);
            s21 = Math.fma(x, y1, s21);
            s22 = Math.fma(x, y2, s22);
            s23 = Math.fma(x, y3, s23);
            x = a[ap + 3];
            s30 = Math.fma(x, y0, s30);
            s31 = Math.fma(x, y1, s31);
            s32 = Math.fma(x, y2, s32);
            s33 = Math.fma(x, y3, s33);
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
}

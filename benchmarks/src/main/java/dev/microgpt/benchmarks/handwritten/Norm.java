package dev.microgpt.benchmarks.handwritten;

import dev.microgpt.autograd.Kernels;

/** RMSNorm of the rows of a matrix: {@code y = x·r} with {@code r = 1 / sqrt(mean(x²) + eps)}. */
final class Norm {
    private static final double EPS = 1e-5;

    private final Kernels kernels = Kernels.active();
    private final int columns;
    private final double[] invRms;

    Norm(int columns, int maxRows) {
        this.columns = columns;
        invRms = new double[maxRows];
    }

    void forward(int rows, double[] x, double[] y) {
        kernels.parallel(rows, 2L * rows * columns, (part, from, to) -> {
            for (int t = from, row = from * columns; t < to; t++, row += columns) {
                double meanSquare = kernels.dot(x, row, x, row, columns) / columns;
                double r = 1.0 / Math.sqrt(meanSquare + EPS);
                invRms[t] = r;
                kernels.scale(r, x, row, y, row, columns);
            }
        });
    }

    /** Adds to {@code dx}: {@code dx += r · (dy − y · mean(dy · y))}. */
    void backward(int rows, double[] y, double[] dy, double[] dx) {
        kernels.parallel(rows, 3L * rows * columns, (part, from, to) -> {
            for (int t = from, row = from * columns; t < to; t++, row += columns) {
                double r = invRms[t];
                double s = -r * (kernels.dot(dy, row, y, row, columns) / columns);
                for (int i = row; i < row + columns; i++) {
                    dx[i] = Math.fma(s, y[i], Math.fma(r, dy[i], dx[i]));
                }
            }
        });
    }

    /** Overwrites {@code dy} with {@code dx}, for an input that nothing else reads. */
    void backwardInPlace(int rows, double[] y, double[] dy) {
        kernels.parallel(rows, 3L * rows * columns, (part, from, to) -> {
            for (int t = from, row = from * columns; t < to; t++, row += columns) {
                double r = invRms[t];
                double s = -r * (kernels.dot(dy, row, y, row, columns) / columns);
                for (int i = row; i < row + columns; i++) {
                    dy[i] = Math.fma(s, y[i], r * dy[i]);
                }
            }
        });
    }
}

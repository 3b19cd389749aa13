package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;
import static dev.microgpt.autograd.kernel.vector.VectorTile.HEIGHT;
import static dev.microgpt.autograd.kernel.vector.VectorTile.WIDTH;

import jdk.incubator.vector.DoubleVector;

/**
 * Copies parts of matrices into panels, the order in which tiles read them: {@code k} consecutive steps as wide as a
 * tile.
 */
final class Panels {
    private Panels() {}

    /**
     * Copies the columns {@code from} to {@code end} of the {@code n} columns of B into consecutive panels; the last
     * one begins further left if it would not be full. {@code B[p, j] = b[b0 + p·bStep + j·bColumn]}.
     */
    static void packAll(
            int steps, int from, int end, int n, double[] b, int b0, int bStep, int bColumn, double[] panels) {
        for (int j = from, panel = 0; j < end; j += WIDTH, panel += steps * WIDTH) {
            pack(steps, b, b0 + Math.min(j, n - WIDTH) * bColumn, bStep, bColumn, panels, panel);
        }
    }

    /** Copies one panel of a matrix that is row-major or the transpose of one: one of the two strides is 1. */
    static void pack(int steps, double[] b, int b0, int bStep, int bColumn, double[] panels, int panel) {
        if (bColumn == 1) {
            copy(steps, b, b0, bStep, panels, panel);
        } else {
            transpose(steps, b, b0, bColumn, panels, panel);
        }
    }

    /** Element {@code j} of step {@code p} comes from {@code x0 + p·step + j}. */
    private static void copy(int k, double[] x, int x0, int step, double[] panel, int panel0) {
        for (int from = x0, to = panel0, end = panel0 + k * WIDTH; to < end; from += step, to += WIDTH) {
            DoubleVector.fromArray(SPECIES, x, from).intoArray(panel, to);
            DoubleVector.fromArray(SPECIES, x, from + LENGTH).intoArray(panel, to + LENGTH);
        }
    }

    /** Element {@code j} of step {@code p} comes from {@code x0 + j·row + p}. */
    private static void transpose(int k, double[] x, int x0, int row, double[] panel, int panel0) {
        int block = LENGTH == 8 ? 8 : 4;
        int whole = LENGTH < 4 ? 0 : k - k % block;
        for (int j = 0; j < WIDTH && whole > 0; j += block) {
            if (block == 8) {
                Transpose8.transpose(whole, x, x0 + j * row, row, panel, panel0 + j);
            } else {
                Transpose4.transpose(whole, x, x0 + j * row, row, panel, panel0 + j);
            }
        }
        for (int p = whole; p < k; p++) {
            for (int j = 0; j < WIDTH; j++) {
                panel[panel0 + p * WIDTH + j] = x[x0 + j * row + p];
            }
        }
    }

    /**
     * Copies strips as wide as a tile is high, {@code distance} apart: element {@code i} of step {@code p}, counted
     * over all strips, comes from {@code x0 + p·step + i}. The last strip is padded with zeros.
     */
    static void strips(int k, int count, double[] x, int x0, int step, double[] strips, int distance) {
        int whole = count - count % HEIGHT;
        for (int p = 0; p < k; p++) {
            int from = x0 + p * step;
            int to = p * HEIGHT;
            for (int i = 0; i < whole; i += HEIGHT, to += distance) {
                for (int j = 0; j < HEIGHT; j += LENGTH) {
                    DoubleVector.fromArray(SPECIES, x, from + i + j).intoArray(strips, to + j);
                }
            }
            for (int i = whole; i < count; i++) {
                strips[to + i - whole] = x[from + i];
            }
            for (int i = count; i < whole + HEIGHT && whole < count; i++) {
                strips[to + i - whole] = 0.0;
            }
        }
    }
}

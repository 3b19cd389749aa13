package dev.microgpt.autograd.kernel.vector;

import static dev.microgpt.autograd.kernel.vector.Species.LENGTH;
import static dev.microgpt.autograd.kernel.vector.Species.SPECIES;
import static dev.microgpt.autograd.kernel.vector.VectorTile.HEIGHT;
import static dev.microgpt.autograd.kernel.vector.VectorTile.STRIP;
import static dev.microgpt.autograd.kernel.vector.VectorTile.WIDTH;

import jdk.incubator.vector.DoubleVector;

/**
 * Copies parts of matrices into panels, the order in which tiles read them: {@code k} consecutive steps as wide as a
 * tile.
 */
final class Panels {
    /** Height and width of the blocks that are transposed in registers. */
    private static final int BLOCK = LENGTH == 8 ? 8 : 4;

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
        int whole = LENGTH < 4 ? 0 : k - k % BLOCK;
        for (int j = 0; j < WIDTH && whole > 0; j += BLOCK) {
            transpose(whole, x, x0 + j * row, row, panel, panel0 + j, WIDTH);
        }
        for (int p = whole; p < k; p++) {
            for (int j = 0; j < WIDTH; j++) {
                panel[panel0 + p * WIDTH + j] = x[x0 + j * row + p];
            }
        }
    }

    /**
     * Copies rows of A into strips, {@code distance} apart: element {@code i} of step {@code p}, counted over all
     * strips, comes from {@code x0 + i·row + p·step}, where {@code row} or {@code step} is 1. The last strip is padded
     * with zeros.
     */
    static void strips(int k, int count, double[] x, int x0, int row, int step, double[] strips, int distance) {
        int whole = count - count % STRIP;
        if (row == 1) {
            columnsOfStrips(k, whole, x, x0, step, strips, distance);
        } else {
            rowsOfStrips(k, whole, x, x0, row, strips, distance);
        }
        int rest = count - whole;
        if (rest > 0) {
            int last = whole / STRIP * distance;
            for (int p = 0; p < k; p++) {
                for (int i = 0; i < STRIP; i++) {
                    strips[last + p * STRIP + i] = i < rest ? x[x0 + (whole + i) * row + p * step] : 0.0;
                }
            }
        }
    }

    private static void columnsOfStrips(int k, int count, double[] x, int x0, int step, double[] strips, int distance) {
        for (int p = 0; p < k; p++) {
            int from = x0 + p * step;
            for (int i = 0, to = p * STRIP; i < count; i += STRIP, to += distance) {
                for (int j = 0; j < STRIP; j += LENGTH) {
                    int at = Math.min(j, STRIP - LENGTH); // the last vector may copy some elements again
                    DoubleVector.fromArray(SPECIES, x, from + i + at).intoArray(strips, to + at);
                }
            }
        }
    }

    private static void rowsOfStrips(int k, int count, double[] x, int x0, int row, double[] strips, int distance) {
        int whole = LENGTH < 4 ? 0 : k - k % BLOCK;
        for (int i = 0, strip = 0; i < count; i += STRIP, strip += distance) {
            int from = x0 + i * row;
            for (int j = 0; j < STRIP && whole > 0; j += BLOCK) {
                int at = Math.min(j, STRIP - BLOCK);
                transpose(whole, x, from + at * row, row, strips, strip + at, STRIP);
            }
            for (int p = whole; p < k; p++) {
                for (int j = 0; j < STRIP; j++) {
                    strips[strip + p * STRIP + j] = x[from + j * row + p];
                }
            }
        }
    }

    /** Transposes {@code BLOCK} rows of whole blocks: element {@code j} of row {@code p} is {@code x0 + j·row + p}. */
    private static void transpose(int k, double[] x, int x0, int row, double[] y, int y0, int width) {
        if (BLOCK == 8) {
            Transpose8.transpose(k, x, x0, row, y, y0, width);
        } else {
            Transpose4.transpose(k, x, x0, row, y, y0, width);
        }
    }

    /** Copies the last columns of a transposed A, fewer than a tile is high, and zeros for the missing ones. */
    static void columns(int k, int count, double[] x, int x0, int step, double[] strip) {
        for (int p = 0; p < k; p++) {
            for (int i = 0; i < HEIGHT; i++) {
                strip[p * HEIGHT + i] = i < count ? x[x0 + p * step + i] : 0.0;
            }
        }
    }
}

package dev.microgpt.autograd.kernel;

import static dev.microgpt.autograd.kernel.Species.LENGTH;
import static dev.microgpt.autograd.kernel.Species.SPECIES;

import jdk.incubator.vector.DoubleVector;

/**
 * Copies parts of matrices into panels, the order in which tiles read them: {@code k} steps of {@code width} elements,
 * one step {@code stride} after another.
 */
final class Panels {
    private Panels() {}

    /** Element {@code j} of step {@code p} comes from {@code x0 + p·step + j}; {@code width} is whole vectors. */
    static void copy(int k, int width, double[] x, int x0, int step, double[] panel, int panel0) {
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < width; j += LENGTH) {
                DoubleVector.fromArray(SPECIES, x, x0 + p * step + j).intoArray(panel, panel0 + p * width + j);
            }
        }
    }

    /** Element {@code j} of step {@code p} comes from {@code x0 + j·row + p}. */
    static void transpose(int k, int width, double[] x, int x0, int row, double[] panel, int panel0, int stride) {
        int wholeSteps = LENGTH == 8 ? k - k % 8 : 0;
        int whole = wholeSteps == 0 ? 0 : width - width % 8;
        for (int j = 0; j < whole; j += 8) {
            Transpose8.transpose(wholeSteps, x, x0 + j * row, row, panel, panel0 + j, stride);
        }
        transposeRest(0, wholeSteps, whole, width, x, x0, row, panel, panel0, stride);
        transposeRest(wholeSteps, k, 0, width, x, x0, row, panel, panel0, stride);
    }

    private static void transposeRest(
            int from,
            int to,
            int first,
            int width,
            double[] x,
            int x0,
            int row,
            double[] panel,
            int panel0,
            int stride) {
        for (int p = from; p < to; p++) {
            for (int j = first; j < width; j++) {
                panel[panel0 + p * stride + j] = x[x0 + j * row + p];
            }
        }
    }

    /** As {@link #copy}, with zeros behind the first {@code count} elements of each step. */
    static void pad(int k, int count, double[] x, int x0, int step, int width, double[] panel) {
        if (count == width) {
            copy(k, width, x, x0, step, panel, 0);
            return;
        }
        for (int p = 0; p < k; p++) {
            for (int j = 0; j < width; j++) {
                panel[p * width + j] = j < count ? x[x0 + p * step + j] : 0.0;
            }
        }
    }
}

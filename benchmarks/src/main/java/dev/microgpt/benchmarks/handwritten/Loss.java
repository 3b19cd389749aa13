package dev.microgpt.benchmarks.handwritten;

import dev.microgpt.autograd.Kernels;

/** The mean cross-entropy of the rows of a matrix of logits, with its gradient in the same pass. */
final class Loss {
    private final Kernels kernels = Kernels.active();
    private final int columns;
    private final double[] exp;
    private final double[] logSum;
    private final double[] shifted;

    Loss(int columns, int maxRows) {
        this.columns = columns;
        exp = new double[maxRows * columns];
        logSum = new double[maxRows];
        shifted = new double[maxRows];
    }

    /** Overwrites the logits with their gradients, {@code (p − onehot(target)) / N}, and returns the loss. */
    double forwardAndBackward(double[] logits, int[] targets) {
        int n = targets.length;
        kernels.parallel(n, 10L * n * columns, (part, from, to) -> {
            for (int t = from; t < to; t++) {
                gradientOfRow(logits, t, targets[t], 1.0 / n);
            }
        });
        kernels.log(logSum, 0, logSum, 0, n);
        double total = 0;
        for (int t = 0; t < n; t++) {
            total += logSum[t] - shifted[t];
        }
        return total / n;
    }

    private void gradientOfRow(double[] logits, int t, int target, double dy) {
        int row = t * columns;
        double max = max(logits, row);
        kernels.exp(logits, row, max, exp, row, columns);
        double sum = kernels.sum(exp, row, columns);
        logSum[t] = sum;
        shifted[t] = logits[row + target] - max;
        double invSum = 1.0 / sum;
        for (int i = row; i < row + columns; i++) {
            logits[i] = dy * (invSum * exp[i]);
        }
        logits[row + target] -= dy;
    }

    private double max(double[] x, int row) {
        double max = x[row];
        for (int i = row + 1; i < row + columns; i++) {
            max = x[i] > max ? x[i] : max;
        }
        return max;
    }
}

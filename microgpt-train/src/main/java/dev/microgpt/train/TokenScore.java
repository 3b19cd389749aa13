package dev.microgpt.train;

import dev.microgpt.autograd.Kernels;

/**
 * How a model predicts one token.
 *
 * @param position       the place of the token in its sequence, from 1: the token at 0 is not predicted
 * @param id             the token
 * @param logProbability the natural logarithm of the probability that the model gives it, at most 0
 * @param rank           1 if no token is more probable; of equally probable ones, that with the lower id comes first
 */
public record TokenScore(int position, int id, double logProbability, int rank) {
    /** Takes the scores of all tokens apart: a row of logits, in which the right one is {@code id}. */
    static TokenScore of(int position, int id, double[] logits, int row, int columns, double[] scratch) {
        Kernels kernels = Kernels.active();
        // log(exp(x − max) / Σ exp(x − max)) = (x − max) − log(Σ exp(x − max)), as CrossEntropy computes it
        double max = kernels.max(logits, row, columns);
        kernels.exp(logits, row, max, scratch, 0, columns);
        scratch[0] = kernels.sum(scratch, 0, columns);
        kernels.log(scratch, 0, scratch, 0, 1);
        double right = logits[row + id];
        int rank = 1;
        for (int i = 0; i < columns; i++) {
            double other = logits[row + i];
            rank += other > right || other == right && i < id ? 1 : 0;
        }
        return new TokenScore(position, id, -(scratch[0] - (right - max)), rank);
    }
}

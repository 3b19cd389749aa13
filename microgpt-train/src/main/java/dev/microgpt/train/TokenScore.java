package dev.microgpt.train;

import dev.microgpt.autograd.Kernels;

/**
 * A model's prediction of one token of a text.
 *
 * @param position       the position of the token in its document or text, from 1, because the token at 0 is not
 *     predicted
 * @param id             the token
 * @param logProbability the natural logarithm of its predicted probability, at most 0
 * @param rank           its rank among all tokens by probability, from 1; the lower id wins a tie
 */
public record TokenScore(long position, int id, double logProbability, int rank) {
    /** Scores the target {@code id} by the {@code columns} logits from index {@code row}. */
    static TokenScore of(long position, int id, double[] logits, int row, int columns, double[] scratch) {
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

package dev.microgpt.train.data;

import dev.microgpt.model.Batch;

/** Where a training gets its batches from. */
public interface BatchSource {
    /**
     * Makes one batch of a step, which depends on nothing but the numbers given.
     *
     * @param step  the number of the step, from 0
     * @param part  which of the micro-batches of the step, from 0
     * @param parts how many micro-batches a step has; all of them together are the same sequences, in the same order, as
     *     one batch that is so many times as large
     * @return the batch, with targets
     */
    Batch batch(int step, int part, int parts);
}

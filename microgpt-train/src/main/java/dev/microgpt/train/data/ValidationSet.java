package dev.microgpt.train.data;

import dev.microgpt.model.Batch;

/** Text that is held back from training, cut into batches that together have each of its targets once. */
public interface ValidationSet {
    /** {@return the number of targets of all batches} */
    long tokens();

    /** {@return how many bytes of UTF-8 text these targets stand for} */
    long bytes();

    /** {@return the number of batches, at least 1} */
    int batches();

    /**
     * Makes one of the batches.
     *
     * @param index which, from 0
     * @return the batch, with targets
     */
    Batch batch(int index);
}

package dev.microgpt.train.data;

import dev.microgpt.model.Batch;

/**
 * A validation split in batches, which together have each of its targets once. Thread-safe if evaluators in several
 * threads use it; those of this library are immutable.
 */
public interface ValidationSet {
    /** {@return the number of targets of all batches} */
    long tokens();

    /** {@return the number of UTF-8 bytes that these targets stand for} */
    long bytes();

    /** {@return the number of batches, at least 1} */
    int batches();

    /**
     * Makes a batch.
     *
     * @param index the number of the batch, from 0
     * @return the batch, with targets
     */
    Batch batch(int index);
}

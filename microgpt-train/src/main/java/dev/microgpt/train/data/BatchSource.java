package dev.microgpt.train.data;

import dev.microgpt.model.Batch;
import org.jspecify.annotations.Nullable;

/**
 * Makes the batches of a training run. Thread-safe if several trainers use it; those of this library are immutable.
 */
public interface BatchSource {
    /**
     * Makes one micro-batch of a step; the result depends on the arguments alone.
     *
     * @param step  the number of the step, from 0
     * @param part  the number of the micro-batch in the step, from 0
     * @param parts the number of micro-batches per step; together they have the same sequences, in the same order, as
     *     one batch of {@code parts} times the size
     * @return the batch, with targets; or null if none of its sequences is to be trained on. A step without any
     *     sequence updates nothing
     */
    @Nullable
    Batch batch(int step, int part, int parts);
}

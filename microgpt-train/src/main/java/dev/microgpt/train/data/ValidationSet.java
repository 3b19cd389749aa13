package dev.microgpt.train.data;

import dev.microgpt.model.Batch;

/**
 * Held-out data in batches, which together have each of its targets once, apart from the {@linkplain Window#overlap()
 * overlap} of windows. Thread-safe if evaluators in several threads use it. Those of this library are immutable, except
 * for {@link DocumentWindows}, which is confined to one thread at a time.
 */
public interface ValidationSet {
    /**
     * The place of a sequence in its document or text.
     *
     * @param start   the position of its first token in the document or text, from 0
     * @param overlap the number of targets at its beginning that an earlier window has scored: here they are only
     *     context
     */
    record Window(long start, int overlap) {
        /** A whole document or text, or the beginning of one. */
        static final Window FIRST = new Window(0, 0);
    }

    /** {@return the number of targets of all batches, each counted once} */
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

    /**
     * Returns the place of a sequence in its document or text.
     *
     * @param index    the number of the batch, from 0
     * @param sequence the number of the sequence in the batch, from 0
     * @return by default the place of a sequence that is a document of its own
     */
    default Window window(int index, int sequence) {
        return Window.FIRST;
    }
}

package dev.microgpt.cli.run;

import dev.microgpt.cli.jvm.Interruption;
import dev.microgpt.model.Batch;
import dev.microgpt.train.data.ValidationSet;
import java.util.concurrent.CancellationException;

/** A validation set whose evaluation, which may take minutes, ends at the next batch after a signal. */
final class InterruptibleValidationSet implements ValidationSet {
    private final ValidationSet set;
    private final Interruption interruption;

    InterruptibleValidationSet(ValidationSet set, Interruption interruption) {
        this.set = set;
        this.interruption = interruption;
    }

    @Override
    public int batches() {
        return set.batches();
    }

    /**
     * {@inheritDoc}
     *
     * @throws CancellationException if there was a signal
     */
    @Override
    public Batch batch(int index) {
        if (interruption.requested()) {
            throw new CancellationException();
        }
        return set.batch(index);
    }

    @Override
    public Window window(int index, int sequence) {
        return set.window(index, sequence);
    }

    @Override
    public long tokens() {
        return set.tokens();
    }

    @Override
    public long bytes() {
        return set.bytes();
    }
}

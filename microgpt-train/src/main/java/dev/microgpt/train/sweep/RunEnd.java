package dev.microgpt.train.sweep;

import java.io.Serializable;
import java.util.Locale;

/**
 * How a run ended.
 *
 * @param state    done, diverged, failed or stopped
 * @param exitCode the exit code that {@code microgpt train} has then: 0 for a run that is done or was stopped
 * @param message  why it failed or diverged; empty if it did not
 */
public record RunEnd(State state, int exitCode, String message) implements Serializable {
    static final int IO = 5;

    /** The states of a run. */
    public enum State {
        /** All steps are done, or its patience was over. */
        DONE,
        /** The numbers grew without bound, or the model is worse than guessing: the same run would end so again. */
        DIVERGED,
        /** It could not continue, for example because the disk was full; the next attempt continues it. */
        FAILED,
        /** It was asked to stop, or its process was killed; the next attempt continues it. */
        STOPPED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Returns whether the run need not be tried again.
     *
     * @return true if it is done or has diverged
     */
    public boolean isFinal() {
        return state == State.DONE || state == State.DIVERGED;
    }
}

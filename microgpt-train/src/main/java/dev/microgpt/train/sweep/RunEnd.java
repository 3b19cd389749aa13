package dev.microgpt.train.sweep;

import dev.microgpt.train.internal.disk.SystemReason;
import java.io.Serializable;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * How a run ended.
 *
 * @param state    done, diverged, failed or stopped
 * @param exitCode the exit code that {@code microgpt train} has then: 0 for a run that is done or was stopped
 * @param message  why it failed or diverged; empty if it did not
 */
public record RunEnd(State state, int exitCode, String message) implements Serializable {
    private static final int BUG = 1;
    private static final int MEMORY = 3;
    private static final int IO = 5;
    private static final int IN_USE = 7;

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
     * Returns the end of a run that could not continue.
     *
     * @param failure what was thrown
     * @return the state {@link State#FAILED} with the reason
     */
    public static RunEnd failed(Throwable failure) {
        if (failure instanceof OutOfMemoryError) {
            return new RunEnd(State.FAILED, MEMORY, "out of memory: " + failure.getMessage());
        }
        return failure instanceof Error // whose message may be only the name of a class
                ? new RunEnd(State.FAILED, BUG, failure.toString())
                : new RunEnd(State.FAILED, IO, reason(failure));
    }

    /** Returns the message, which of a failure of the system is only the name of the file. */
    static String reason(Throwable failure) {
        if (failure instanceof FileSystemException named && named.getFile() != null) {
            return SystemReason.after(named.getFile(), SystemReason.of(named, Path.of(named.getFile())));
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }

    /**
     * Returns whether the run could not be tried, because another process trains it or something else is in its folder.
     *
     * @return true if its folder is in use, so that this is no end of the run
     */
    public boolean isInUse() {
        return exitCode == IN_USE;
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

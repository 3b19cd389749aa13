package dev.microgpt.cli;

import org.jspecify.annotations.Nullable;

/** A command cannot go on, for a reason that is the user's to mend. */
final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final @Nullable String hint;

    /**
     * @param exitCode what the process ends with
     * @param message  what is wrong: found X, expected Y
     * @param hint     the next command or flag to try, or null
     */
    CliException(int exitCode, String message, @Nullable String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    int exitCode() {
        return exitCode;
    }

    @Nullable
    String hint() {
        return hint;
    }
}

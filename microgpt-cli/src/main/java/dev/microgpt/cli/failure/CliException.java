package dev.microgpt.cli.failure;

import org.jspecify.annotations.Nullable;

/** A command cannot go on, for a reason that is the user's to mend. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final @Nullable String hint;

    /**
     * @param exitCode what the process ends with
     * @param message  what is wrong: found X, expected Y
     * @param hint     the next command or flag to try, or null
     */
    public CliException(int exitCode, String message, @Nullable String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    public int exitCode() {
        return exitCode;
    }

    @Nullable
    public String hint() {
        return hint;
    }
}

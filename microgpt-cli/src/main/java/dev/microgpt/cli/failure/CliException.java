package dev.microgpt.cli.failure;

import org.jspecify.annotations.Nullable;

/** A command cannot continue, for a reason that the user can fix. */
public final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final String LARGER_HEAP =
            "give the JVM a larger heap, for example java -Xmx4g -jar microgpt.jar, or make the model, the batch or the"
                    + " data smaller";

    private final int exitCode;
    private final @Nullable String hint;

    /**
     * Creates a refusal.
     *
     * @param exitCode one of {@link ExitCode}
     * @param message  what is wrong, its value, and the rule, in one sentence
     * @param hint     how to fix it, for example the command or option to try; null if the message says it
     */
    public CliException(int exitCode, String message, @Nullable String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    /** Returns the refusal of something that needs a larger heap. */
    public static CliException outOfMemory(String message) {
        return new CliException(ExitCode.MEMORY, message, LARGER_HEAP);
    }

    public int exitCode() {
        return exitCode;
    }

    @Nullable
    public String hint() {
        return hint;
    }
}

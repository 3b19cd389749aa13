package dev.microgpt.cli.terminal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What one of the system's small programs answers, where the JDK cannot tell. */
public final class ProgramOutput {
    private static final long SECONDS_TO_WAIT = 1;

    private ProgramOutput() {}

    /**
     * Runs a program and waits for its end, but not for long.
     *
     * @param command a program that needs no input and writes little
     * @return the first line that it wrote; null if there is none, or it failed, took too long or does not exist
     */
    public static @Nullable String of(ProcessBuilder command) {
        Process process;
        try {
            process = command.start();
        } catch (IOException notThere) {
            return null;
        }
        try {
            boolean ended = process.waitFor(SECONDS_TO_WAIT, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? process.inputReader().readLine() : null;
        } catch (IOException unreadable) {
            return null;
        } catch (InterruptedException soonOver) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            process.destroyForcibly();
        }
    }
}

package dev.microgpt.cli.terminal;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a small program of the operating system to learn something that the JDK does not offer. */
public final class ProgramOutput {
    private static final long SECONDS_TO_WAIT = 1;

    private ProgramOutput() {}

    /**
     * Runs a program and waits up to a second for its end.
     *
     * @param command a program that needs no input and writes little
     * @return the first line of its output; null if there is none or the program failed, took too long or does not
     *     exist
     */
    public static @Nullable String firstLine(ProcessBuilder command) {
        Process process;
        try {
            process = command.start();
        } catch (IOException missing) {
            return null;
        }
        try {
            boolean ended = process.waitFor(SECONDS_TO_WAIT, TimeUnit.SECONDS);
            return ended && process.exitValue() == 0 ? process.inputReader().readLine() : null;
        } catch (IOException unreadable) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            process.destroyForcibly();
        }
    }
}

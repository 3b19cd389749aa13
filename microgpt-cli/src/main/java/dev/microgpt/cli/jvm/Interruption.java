package dev.microgpt.cli.jvm;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import java.util.concurrent.CountDownLatch;

/**
 * A signal that asks the program to end (Ctrl-C, {@code kill}, a terminal that was closed) while it has something to save.
 * A second Ctrl-C ends it at once.
 *
 * <p>It is a shutdown hook: the JVM holds it until {@code main} has saved, and then ends with the exit code of the signal,
 * 128 and its number. A handler of {@code sun.misc.Signal} would do as well, but is not part of Java's API, and the
 * compiler cannot be told to accept it; by reflection it takes 20 ms, which here only a second Ctrl-C waits for.
 *
 * <p>{@link System#exit} waits for all hooks, so a hook that waits for the end of {@code main} would wait for ever. It
 * waits for {@link #mainEndsWith} instead, which {@code Main} calls before.
 */
public final class Interruption extends Thread implements AutoCloseable {
    private static final CountDownLatch MAIN_IS_DONE = new CountDownLatch(1);
    private static volatile int exitCode = ExitCode.DONE;

    private final Terminal terminal;
    private volatile boolean requested;

    private Interruption(Terminal terminal) {
        super("end of the training");
        this.terminal = terminal;
    }

    /**
     * Begins to wait for signals; until it is closed, {@link #requested} must be asked often. Where the terminal does not
     * belong to this process, neither do its signals, and there is nothing to wait for.
     */
    public static Interruption await(Terminal terminal) {
        Interruption interruption = new Interruption(terminal);
        if (terminal.isStandard()) {
            try {
                Runtime.getRuntime().addShutdownHook(interruption);
            } catch (IllegalStateException ending) {
                interruption.requested = true;
            }
        }
        return interruption;
    }

    /** Lets the JVM end, if a signal asked for it, with this exit code unless that is 0. */
    public static void mainEndsWith(int code) {
        exitCode = code;
        MAIN_IS_DONE.countDown();
    }

    /** Returns whether there was a signal: what is not saved is to be saved, and the command to end. */
    public boolean requested() {
        return requested;
    }

    @Override
    public void run() {
        SecondInterrupt.ends(null);
        terminal.unpin();
        terminal.say("stopping after this step, to save it; Ctrl-C once more stops at once");
        requested = true; // not before that is said, or it could come after the word that it is done
        boolean waiting = true;
        while (waiting) {
            try {
                MAIN_IS_DONE.await();
                waiting = false;
            } catch (InterruptedException later) {
                // nothing interrupts a hook
            }
        }
        if (exitCode != ExitCode.DONE) {
            Runtime.getRuntime().halt(exitCode); // it could not be saved, and the code says why
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(this);
        } catch (IllegalStateException ending) {
            // it has begun, and ends when main does
        }
    }
}

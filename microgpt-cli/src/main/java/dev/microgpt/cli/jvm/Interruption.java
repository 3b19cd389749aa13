package dev.microgpt.cli.jvm;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Notices a signal that asks the program to end (Ctrl-C, {@code kill}, a closed terminal) while there is something to
 * save or to finish. A second Ctrl-C ends the program immediately.
 *
 * <p>This is a shutdown hook: the JVM waits for it until {@code main} has saved, and then ends with the exit code of
 * the signal, 128 plus its number. A handler of {@code sun.misc.Signal} would also work, but is not part of Java's API,
 * and the compiler cannot be told to accept it. By reflection it takes 20 ms, which only a second Ctrl-C is worth.
 *
 * <p>{@link System#exit} waits for all hooks, so a hook that waited for the end of {@code main} would wait forever. It
 * waits for {@link #mainEndsWith} instead, which {@code Main} calls before.
 */
public final class Interruption extends Thread implements AutoCloseable {
    private static final CountDownLatch MAIN_IS_DONE = new CountDownLatch(1);
    private static volatile int exitCode = ExitCode.DONE;

    private final Terminal terminal;
    private final String message;
    private final CountDownLatch request = new CountDownLatch(1);
    private @Nullable BooleanSupplier other;

    private Interruption(Terminal terminal, String message) {
        super("interruption");
        this.terminal = terminal;
        this.message = message;
    }

    /**
     * Starts to wait for signals; until closed, {@link #requested} must be checked often. If the terminal does not
     * belong to this process, neither do its signals, and there is nothing to wait for.
     *
     * @param message what to say when there is a signal
     */
    public static Interruption await(Terminal terminal, String message) {
        Interruption interruption = new Interruption(terminal, message);
        if (terminal.isStandard()) {
            try {
                Runtime.getRuntime().addShutdownHook(interruption);
            } catch (IllegalStateException ending) {
                interruption.request.countDown();
            }
        }
        return interruption;
    }

    /** Returns an interruption without signals, whose request somebody else decides. */
    public static Interruption by(Terminal terminal, BooleanSupplier requested) {
        Interruption interruption = new Interruption(terminal, "");
        interruption.other = requested;
        return interruption;
    }

    /** Lets a JVM that a signal has stopped end, with this exit code unless it is 0. */
    public static void mainEndsWith(int code) {
        exitCode = code;
        MAIN_IS_DONE.countDown();
    }

    /** Returns whether there was a signal, after which the command should save and end. */
    public boolean requested() {
        return request.getCount() == 0 || other != null && other.getAsBoolean();
    }

    /** Waits for a signal; an interrupt of the thread counts as one. */
    public void awaitRequest() {
        try {
            request.await();
        } catch (InterruptedException asked) {
            request.countDown();
        }
    }

    @Override
    public void run() {
        SecondInterrupt.ends(null);
        terminal.unpin();
        terminal.say(message);
        request.countDown(); // only now, or the message could follow the one that the run has stopped
        boolean waiting = true;
        while (waiting) {
            try {
                MAIN_IS_DONE.await();
                waiting = false;
            } catch (InterruptedException later) {
                // nobody interrupts a hook
            }
        }
        if (exitCode != ExitCode.DONE) {
            Runtime.getRuntime().halt(exitCode); // saving failed, and the code says why
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(this);
        } catch (IllegalStateException ending) {
            // the hook is running, and ends with main
        }
    }
}

package dev.microgpt.cli.jvm;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.TerminalDevice;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The same program in another JVM, which differs from this one by the module of the Vector API.
 *
 * <p>It shares standard input and output, and so the terminal, with this JVM. Its standard error goes through this JVM,
 * see {@link SecondJvmErrors}; if that is a terminal, it is told which one, see {@link TerminalDevice#PROPERTY}. It is
 * in the same process group, and ends when this JVM is gone, see {@link FirstJvm}.
 */
public final class SecondJvm {
    public static final String VECTOR_API = "jdk.incubator.vector";

    /** The time for the second JVM to react to a Ctrl-C on its own, as that goes to the whole process group. */
    private static final long MILLIS_TO_NOTICE = 200;

    /** The lowest exit code of a process that a signal ended. */
    private static final int FIRST_OF_SIGNALS = 128;

    /** The variables from which a JVM reads flags. This JVM passes those on, so they would be applied twice. */
    private static final List<String> FLAG_VARIABLES =
            List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS");

    private static final Logger LOG = LoggerFactory.getLogger(SecondJvm.class);

    private final Process process;
    private final SecondJvmErrors errors;
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    private SecondJvm(Process process) {
        this.process = process;
        this.errors = new SecondJvmErrors(process.getErrorStream(), new FileOutputStream(FileDescriptor.err));
    }

    /**
     * Runs the program and waits for its end.
     *
     * @param main  the class to start
     * @param flags the flags for the JVM
     * @param args  the command line of the program
     * @return the exit code, 128 + n after signal n
     * @throws IOException if the JVM did not start; the message says why
     */
    static int run(Class<?> main, List<String> flags, String... args) throws IOException {
        List<String> command = command(main, flags, args);
        LOG.debug("second JVM: {}", command);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT);
        builder.environment().keySet().removeAll(FLAG_VARIABLES);
        return new SecondJvm(builder.start()).await();
    }

    private static List<String> command(Class<?> main, List<String> flags, String... args) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // by default a JVM writes its warnings, and why it cannot start, to standard output, where results belong
        command.addAll(List.of("-XX:+DisplayVMOutputToStderr", "-Xlog:disable", "-Xlog:all=warning:stderr"));
        command.addAll(flags);
        command.add("--add-modules=" + VECTOR_API);
        command.add("-D" + FirstJvm.PID + "=" + ProcessHandle.current().pid());
        Path terminal = TerminalDevice.find();
        if (terminal != null) {
            command.add("-D" + TerminalDevice.PROPERTY + "=" + terminal);
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(main.getName());
        command.addAll(List.of(args));
        return command;
    }

    private int await() throws IOException {
        Thread stop = new Thread(this::stop, "end of the second JVM");
        try {
            Runtime.getRuntime().addShutdownHook(stop);
            boolean started = errors.copy();
            int exitCode = process.onExit().join().exitValue();
            over.complete(null);
            Runtime.getRuntime().removeShutdownHook(stop);
            if (started) {
                return exitCode;
            }
            LOG.debug("the second JVM wrote: {}", errors.startup());
            throw new IOException("the second JVM ended with exit code " + exitCode + errors.reason());
        } catch (IllegalStateException ending) {
            return ExitCode.DONE; // a signal is ending this JVM, which sets the exit code
        }
    }

    /** Ends the second JVM when a signal ends this one, and waits until it has saved its state. */
    private void stop() {
        SecondInterrupt.ends(process);
        process.onExit()
                .completeOnTimeout(process, MILLIS_TO_NOTICE, TimeUnit.MILLISECONDS)
                .join();
        process.toHandle().destroy(); // unlike Process.destroy(), this leaves its standard error open
        over.join();
        int exitCode = process.exitValue();
        if (exitCode != ExitCode.DONE && exitCode < FIRST_OF_SIGNALS) {
            Runtime.getRuntime().halt(exitCode); // saving failed, and the code says why
        }
    }
}

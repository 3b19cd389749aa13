package dev.microgpt.cli.option;

import dev.microgpt.cli.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --threads}. */
public final class Threads {
    /** The system property with the number of threads, which the kernels read once, when they are first used. */
    public static final String PROPERTY = "microgpt.threads";

    @Range(atLeast = 1, atMost = 99_999)
    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Number of threads; it does not affect the results (default: the number of processors).")
    private @Nullable Integer threads;

    /** Returns the number of threads, of which more than processors are no faster. */
    public int ofProcessors() {
        int processors = Runtime.getRuntime().availableProcessors();
        return threads == null ? processors : Math.min(threads, processors);
    }

    /** Passes the number, if it is given, to the kernels; must be called before the kernels are first used. */
    public void use(Terminal terminal) {
        if (threads == null) {
            return;
        }
        System.setProperty(PROPERTY, Integer.toString(threads));
        int processors = Runtime.getRuntime().availableProcessors();
        if (threads > processors) {
            terminal.say("note: --threads " + threads + " is more than the " + processors
                    + " processors of this machine, which is no faster; the results are the same");
        }
    }
}

package dev.microgpt.cli.option;

import dev.microgpt.cli.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option {@code --threads}. */
public final class Threads {
    /** The system property that the kernels read once, when they are first asked for. */
    public static final String PROPERTY = "microgpt.threads";

    @Range(atLeast = 1, atMost = 99_999)
    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Threads that compute; the results do not depend on them (default: as many as there are processors).")
    private @Nullable Integer threads;

    /** Hands the number, if there is one, to the kernels; to be called before anything touches them. */
    public void use(Terminal terminal) {
        if (threads == null) {
            return;
        }
        System.setProperty(PROPERTY, Integer.toString(threads));
        int processors = Runtime.getRuntime().availableProcessors();
        if (threads > processors) {
            terminal.say("note: --threads " + threads + " is more than the " + processors
                    + " processors here; that is no faster, and the results are the same");
        }
    }
}

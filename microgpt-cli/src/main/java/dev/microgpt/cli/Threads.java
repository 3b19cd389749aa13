package dev.microgpt.cli;

/** The option {@code --threads}. */
final class Threads {
    static final String DESCRIPTION =
            "Threads that compute; the results do not depend on them (default: as many as there are processors).";

    /** The system property that the kernels read once, when they are first asked for. */
    static final String PROPERTY = "microgpt.threads";

    private Threads() {}

    /** Hands the number to the kernels; to be called before anything touches them. */
    static void use(int threads, Terminal terminal) {
        System.setProperty(PROPERTY, Integer.toString(threads));
        int processors = Runtime.getRuntime().availableProcessors();
        if (threads > processors) {
            terminal.say("note: --threads " + threads + " is more than the " + processors
                    + " processors here; that is no faster, and the results are the same");
        }
    }
}

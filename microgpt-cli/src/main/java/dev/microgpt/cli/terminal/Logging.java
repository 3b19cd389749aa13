package dev.microgpt.cli.terminal;

/**
 * Decides whether the libraries' log is written: to standard error, if {@code -Dmicrogpt.log=LEVEL} asks for it.
 *
 * <p>Logback takes a tenth of a second to load, a large part of a short run, so it is loaded only then.
 */
public final class Logging {
    /** The system property that names the level: {@code debug}, {@code info}, {@code warn} or {@code error}. */
    public static final String LEVEL = "microgpt.log";

    private Logging() {}

    /** To be called before the first logger is made. */
    public static void configure() {
        if (System.getProperty(LEVEL) == null) {
            System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
            System.setProperty("slf4j.internal.verbosity", "WARN");
        }
    }
}

package dev.microgpt.cli.terminal;

/**
 * Enables the log of the libraries on standard error if {@code -Dmicrogpt.log=LEVEL} is set.
 *
 * <p>Logback is loaded only then: it takes a tenth of a second, a large part of a short run.
 */
public final class Logging {
    /** The system property that names the level: {@code debug}, {@code info}, {@code warn} or {@code error}. */
    public static final String LEVEL = "microgpt.log";

    private Logging() {}

    /** Configures logging; must be called before the first logger is created. */
    public static void configure() {
        if (System.getProperty(LEVEL) == null) {
            System.setProperty("slf4j.provider", "org.slf4j.helpers.NOP_FallbackServiceProvider");
            System.setProperty("slf4j.internal.verbosity", "WARN");
        }
    }
}

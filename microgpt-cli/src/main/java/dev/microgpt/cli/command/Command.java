package dev.microgpt.cli.command;

import dev.microgpt.cli.terminal.Terminal;
import java.io.IOException;

/** A command of the program; its options are in fields, which hold the defaults. */
public interface Command {
    /** Describes the options that are no fields. Called only to parse a command line, because it loads picocli. */
    default void describeOptions() {}

    /**
     * Estimates the seconds of arithmetic that the command takes with the scalar kernels, without side effects.
     *
     * @throws IOException  if a file that this depends on cannot be read
     * @throws CliException if the options contradict each other
     */
    default double plainSeconds() throws IOException {
        return 0;
    }

    /**
     * Runs the command.
     *
     * @param terminal receives results and messages
     * @throws IOException  if a file cannot be read or written, or has the wrong content
     * @throws CliException if the options or existing files do not allow it
     */
    void run(Terminal terminal) throws IOException;
}

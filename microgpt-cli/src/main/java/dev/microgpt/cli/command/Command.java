package dev.microgpt.cli.command;

import dev.microgpt.cli.terminal.Terminal;
import java.io.IOException;

/** One of the things the program does, with its options in fields that hold the defaults. */
public interface Command {
    /**
     * Returns about how many seconds of arithmetic it is with the plain kernels; changes nothing.
     *
     * @throws IOException  if what it depends on cannot be found
     * @throws CliException if the options contradict each other
     */
    default double plainSeconds() throws IOException {
        return 0;
    }

    /**
     * Does it.
     *
     * @param terminal where results and talk go
     * @throws IOException  if a file cannot be read or written, or has the wrong content
     * @throws CliException if the options, or the state of the disk, do not allow it
     */
    void run(Terminal terminal) throws IOException;
}

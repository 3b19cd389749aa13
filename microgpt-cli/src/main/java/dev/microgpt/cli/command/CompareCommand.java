package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.sweep.Comparison;
import dev.microgpt.train.sweep.SweepException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** {@code microgpt compare}: what differs between runs, and what they achieved. */
@CommandLine.Command(
        description = "Compare training runs in a table: the settings that differ, steps, losses, bits per byte and"
                + " speed, and the spread of runs that differ in their seed only.")
public final class CompareCommand implements Command {
    @Parameters(
            paramLabel = "RUN",
            arity = "1..*",
            description = "Folders of runs, written by sweep or by train --report.")
    private List<Path> runs = new ArrayList<>();

    @Override
    public void run(Terminal terminal) throws IOException {
        try {
            terminal.printPart(Comparison.of(runs).text());
        } catch (SweepException wrong) {
            throw new CliException(ExitCode.CONTENT, String.valueOf(wrong.getMessage()), null);
        }
    }
}

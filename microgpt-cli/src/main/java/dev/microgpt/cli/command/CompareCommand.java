package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.OutputFile;
import dev.microgpt.cli.report.ComparisonPage;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.sweep.Comparison;
import dev.microgpt.train.sweep.SweepException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
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

    @Option(
            names = "--out",
            paramLabel = "FILE.html",
            description = "Also write one HTML page with curves, in which seeds are bands. It needs no network.")
    private @Nullable Path out;

    @Override
    public void run(Terminal terminal) throws IOException {
        if (out != null) {
            OutputFile.check("--out", out);
            ComparisonPage.checkReplaceable(out);
        }
        try {
            Comparison comparison = Comparison.of(runs);
            if (out != null) {
                byte[] page = ComparisonPage.of(comparison).getBytes(StandardCharsets.UTF_8);
                AtomicFile.replace(out, stream -> stream.write(page));
            }
            terminal.printPart(comparison.text());
        } catch (SweepException wrong) {
            throw new CliException(ExitCode.CONTENT, String.valueOf(wrong.getMessage()), null);
        }
    }
}

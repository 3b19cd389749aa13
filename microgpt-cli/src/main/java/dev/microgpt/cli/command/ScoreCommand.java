package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.metrics.ScoreRows;
import dev.microgpt.cli.option.CheckpointOption;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.option.OutputFile;
import dev.microgpt.cli.option.Overwrite;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.option.RecordOptions;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.option.TrainedOn;
import dev.microgpt.cli.run.Copies;
import dev.microgpt.cli.run.TrainingDocuments;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.score.Calibration;
import dev.microgpt.train.score.LineScore;
import dev.microgpt.train.score.LineScorer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code microgpt score}: says how surprising each line is to a model. */
@CommandLine.Command(
        description =
                "Score each line of a text by how surprising it is to a trained model, in bits per character, and, with"
                        + " --calibrate, flag the unusual ones with a known share of false alarms. Lines are read,"
                        + " scored and printed one after the other, however many there are.")
public final class ScoreCommand implements Command {
    private static final double USUAL_ALPHA = 0.01;

    /** The number of calibration lines in the training data that a message lists. */
    private static final int LISTED = 3;

    @Mixin
    private final CheckpointOption checkpoint = new CheckpointOption();

    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE|DIR|-",
            converter = Converters.PathOrStandardInput.class,
            description = "Lines to score: a UTF-8 file, a folder of text files, or - for standard input, of which each"
                    + " line is scored as it comes.")
    private Path data = Path.of("");

    @Mixin
    private final RecordOptions records = new RecordOptions();

    @Option(
            names = "--calibrate",
            paramLabel = "FILE",
            description = "Usual lines that the model was not trained on, read as --data is. Each line of --data then"
                    + " has a p-value, the share of such lines that are at least as surprising, and a flag.")
    private @Nullable Path calibrate;

    @Range(above = 0, below = 1)
    @Option(
            names = "--alpha",
            paramLabel = "X",
            description = "Share of false alarms with --calibrate: of usual lines, at most this share is flagged, on"
                    + " average over calibrations (default 0.01, which needs 99 lines).")
    private @Nullable Double alpha;

    @Option(
            names = "--trained-on",
            paramLabel = "FILE|DIR",
            description = "The documents that the model was trained on, read as --data is; lines of --calibrate that"
                    + " are among them are reported (default: the bundled names).")
    private @Nullable Path trainedOn;

    @Option(
            names = "--json",
            description = "Print each line as a JSON object on a line of its own: number, text, score, bits,"
                    + " characters, worst (text, at, bits), and with --calibrate p and flagged.")
    private boolean json;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Write the scores to this file, once they are complete, instead of standard output.")
    private @Nullable Path out;

    @Mixin
    private final Overwrite overwrite = new Overwrite();

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public double plainSeconds() throws IOException {
        check();
        double parameters = checkpoint.read(RunFolder::parameters);
        double bytes = Files.isRegularFile(data) ? Files.size(data) : 0;
        return WorkEstimate.ofSampling(parameters, 1, bytes, bytes);
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        threads.use(terminal);
        check();
        TrainedModel model = checkpoint.read(TrainedModel::loadForInference);
        try {
            LineScorer scorer = new LineScorer(model);
            Calibration calibration = calibrate == null ? null : calibration(calibrate, scorer, model, terminal);
            ScoreRows rows = new ScoreRows(
                    json, calibration, alpha(), model.model().config().blockSize());
            TextSource text = records.source(data);
            terminal.sayNotes(records.notes());
            if (out == null) {
                score(scorer, text, rows, terminal::printPart, terminal);
                return;
            }
            AtomicFile.replaceInLongWork(out, stream -> {
                OutputStream buffer = new BufferedOutputStream(stream);
                score(scorer, text, rows, part -> buffer.write(part.getBytes(StandardCharsets.UTF_8)), terminal);
                buffer.flush();
            });
            terminal.say("wrote " + out);
        } catch (IllegalArgumentException broken) {
            throw checkpoint.broken(broken);
        }
    }

    /** Writes part of the rows. */
    private interface Writer {
        void write(String part) throws IOException;
    }

    private void check() throws IOException {
        if (calibrate == null && (alpha != null || trainedOn != null)) {
            throw new CliException(
                    ExitCode.USAGE,
                    (alpha != null ? "--alpha" : "--trained-on") + " needs --calibrate, but it is not given",
                    "name usual lines that the model was not trained on with --calibrate");
        }
        checkAlpha();
        if (out != null) {
            OutputFile.check("--out", out);
            overwrite.check(out);
            checkNotRead("--data", data, out);
            checkNotRead("--calibrate", calibrate, out);
            checkNotRead("--trained-on", trainedOn, out);
        }
    }

    private void checkAlpha() {
        try {
            Calibration.linesFor(alpha());
        } catch (IllegalArgumentException tooMany) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--alpha is " + alpha() + ", for which no file has enough lines",
                    "give a larger --alpha; a share of X needs about 1/X lines");
        }
    }

    private static void checkNotRead(String option, @Nullable Path file, Path out) throws IOException {
        if (file != null && Files.exists(out) && Files.exists(file) && Files.isSameFile(file, out)) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    option + " " + file + " is the file that --out would replace",
                    "choose another --out");
        }
    }

    private double alpha() {
        return alpha == null ? USUAL_ALPHA : alpha;
    }

    private void score(LineScorer scorer, TextSource text, ScoreRows rows, Writer writer, Terminal terminal)
            throws IOException {
        writer.write(rows.header());
        TextRepairs repairs =
                scorer.score(text, records.format(), threads.ofProcessors(), lines -> writer.write(rows.of(lines)));
        noteRepairs("--data " + data, repairs, terminal);
        String longLines = rows.noteOnLongLines();
        if (longLines != null) {
            terminal.say(longLines);
        }
        if (rows.count() == 0) {
            terminal.say("note: --data " + data + " has no line to score");
        } else if (calibrate != null) {
            terminal.say("flagged " + Format.grouped(rows.flagged()) + " of " + Format.grouped(rows.count())
                    + (rows.count() == 1 ? " line" : " lines"));
        }
    }

    private static void noteRepairs(String option, TextRepairs repairs, Terminal terminal) {
        if (!repairs.description().isEmpty()) {
            terminal.say("note: " + option + ": " + repairs.description());
        }
    }

    private Calibration calibration(Path file, LineScorer scorer, TrainedModel model, Terminal terminal)
            throws IOException {
        Documents documents = records.others("--calibrate", file);
        List<String> lines = documents.texts();
        checkEnough(file, lines.size());
        noteRepairs("--calibrate " + file, documents.repairs(), terminal);
        noteKnown(file, lines, model, terminal);
        List<LineScore> scored = scorer.score(lines);
        double[] scores = new double[scored.size()];
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scored.get(i).bitsPerCharacter();
        }
        return new Calibration(scores);
    }

    private void checkEnough(Path file, int lines) {
        int needed = Calibration.linesFor(alpha());
        if (lines < needed) {
            BigDecimal least =
                    BigDecimal.ONE.divide(BigDecimal.valueOf(lines + 1L), new MathContext(3, RoundingMode.CEILING));
            throw new CliException(
                    ExitCode.CONTENT,
                    "--calibrate " + file + " has " + lines + (lines == 1 ? " line" : " lines") + ", but --alpha "
                            + alpha() + " needs at least " + needed,
                    "give more lines, or --alpha " + least.stripTrailingZeros().toPlainString()
                            + ", the smallest for so many");
        }
    }

    /** Says which calibration lines are training documents: a model finds those less surprising than new ones. */
    private void noteKnown(Path file, List<String> lines, TrainedModel model, Terminal terminal) throws IOException {
        TrainedOn named = TrainedOn.named("--trained-on", trainedOn, records);
        List<String> documents = TrainingDocuments.of(model, checkpoint, named);
        if (documents == null) {
            terminal.say("note: whether lines of --calibrate " + file + " are in the training data, which would raise"
                    + " the share of false alarms, is not known"
                    + (model.format() == DataFormat.DOCUMENTS ? "; name that data with --trained-on" : ""));
            return;
        }
        Set<String> training = new HashSet<>(documents);
        List<String> known = new ArrayList<>();
        for (String line : lines) {
            if (training.contains(line)) {
                known.add(line);
            }
        }
        if (!known.isEmpty()) {
            List<String> listed = new ArrayList<>();
            for (String line : known.subList(0, Math.min(LISTED, known.size()))) {
                listed.add(Copies.shortened(line));
            }
            terminal.say("note: " + Format.grouped(known.size()) + " of the " + Format.grouped(lines.size())
                    + " lines of --calibrate " + file + (known.size() == 1 ? " is" : " are")
                    + " in the training data; unless the source repeats itself, that raises the share of false alarms,"
                    + " so leave them out: "
                    + String.join(", ", listed) + (known.size() > LISTED ? ", …" : ""));
        }
    }
}

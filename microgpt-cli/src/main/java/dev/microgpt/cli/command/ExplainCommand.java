package dev.microgpt.cli.command;

import dev.microgpt.cli.data.DocumentData;
import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.explain.Drawing;
import dev.microgpt.cli.explain.ExplainPage;
import dev.microgpt.cli.explain.Explanation;
import dev.microgpt.cli.explain.StepExplanation;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.metrics.Settings;
import dev.microgpt.cli.option.CheckpointOption;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.option.OutputFile;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.option.SamplingOptions;
import dev.microgpt.cli.option.SpecialTokensOption;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.option.TrainedOn;
import dev.microgpt.cli.run.RunReplay;
import dev.microgpt.cli.run.SavedRun;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.trace.Ablation;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.Replay;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.Overlap;
import dev.microgpt.train.internal.disk.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code microgpt explain}: shows how a model computes what it predicts. */
@CommandLine.Command(
        description =
                "Write one HTML page that shows how a model reads a text: every operation with its formula and numbers,"
                        + " attention, what each layer already knows, what is lost without each part, and how the text"
                        + " is continued. The page needs no network.")
public final class ExplainCommand implements Command {
    /** The tokens up to which a page has a size that browsers show at once. */
    private static final int MOST_TOKENS = 128;

    @Mixin
    private final CheckpointOption checkpoint = new CheckpointOption();

    @Option(
            names = "--text",
            required = true,
            paramLabel = "TEXT",
            converter = Converters.EscapedText.class,
            description = "The text to read; \\n, \\r, \\t and \\\\ stand for a line feed, a carriage return, a tab and"
                    + " a backslash.")
    private String text = "";

    @Range(atLeast = 1)
    @Option(
            names = "--step",
            paramLabel = "N",
            description = "Also show this step of the training run, which is repeated from the nearest checkpoint or"
                    + " from its beginning: gradients, Adam's state and what becomes of each weight.")
    private @Nullable Integer step;

    @Mixin
    private final TrainedOn data = new TrainedOn();

    @Mixin
    private final SpecialTokensOption specials = new SpecialTokensOption();

    @Option(names = "--out", paramLabel = "FILE", description = "The page to write (default ${DEFAULT-VALUE}).")
    private Path out = Path.of("explain.html");

    @Option(
            names = "--full",
            description = "Put all numbers on the page. Without it, a model of more than 20,000 parameters has those of"
                    + " one position and one layer.")
    private boolean full;

    @Range(atLeast = 0)
    @Option(
            names = "--position",
            paramLabel = "N",
            description = "The position, from 0, that a page without all numbers shows (default the last).")
    private @Nullable Integer position;

    @Range(atLeast = 0)
    @Option(
            names = "--layer",
            paramLabel = "N",
            description = "The layer, from 0, that a page without all numbers shows (default ${DEFAULT-VALUE}).")
    private int layer;

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "Random seed of the continuation (default ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public double plainSeconds() throws IOException {
        double parameters = checkpoint.read(RunFolder::parameters);
        if (step != null && parameters > Explanation.ALL_NUMBERS) {
            return Double.POSITIVE_INFINITY; // the steps before it, and a pass for each difference
        }
        double passes = 3 * Math.cbrt(parameters / 100); // lens and ablations; deep models have many parts
        return WorkEstimate.ofSampling(parameters, passes, text.length() + 1.0, MOST_TOKENS);
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        threads.use(terminal);
        OutputFile.check("--out", out);
        ExplainPage.checkReplaceable(out);
        TrainedModel trained = checkpoint.read(TrainedModel::load);
        int[] tokens = tokens(trained);
        int[] inputs = inputs(trained, tokens);
        int[] targets = Arrays.copyOfRange(tokens, 1, inputs.length + 1);
        if (inputs.length == tokens.length) {
            targets[targets.length - 1] = -1;
        }
        Explanation.Focus focus = focus(trained, inputs.length);
        RunData run = runData(trained);
        Explanation explanation = new Explanation(trained, inputs, targets, focus);
        Drawing drawing = new Drawing(sampling.config(), seed, trained.tokenizer());
        String title = "How the model reads \"" + Format.visible(text) + "\"";
        String page;
        try {
            StepExplanation training = step == null || run == null ? null : training(step, run, focus, terminal);
            page = ExplainPage.of(title, explanation.json(head(trained, title, copy(run)), drawing, training));
        } catch (IllegalArgumentException broken) {
            throw checkpoint.broken(broken);
        }
        byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
        AtomicFile.replace(out, stream -> stream.write(bytes));
        terminal.print("wrote " + out + " (" + Format.grouped(bytes.length / 1000) + " kB); open it in a browser");
    }

    /**
     * The run of the model and its data.
     *
     * @param random shuffled the data
     */
    private record RunData(SavedRun saved, TrainingData texts, PythonRandom random) {}

    /** Reads run and data once, since standard input cannot be read again; null if neither is needed and at hand. */
    private @Nullable RunData runData(TrainedModel trained) throws IOException {
        boolean isOfDocuments = trained.format() == DataFormat.DOCUMENTS && checkpoint.read(Checkpoint::isIn);
        if (step == null && !isOfDocuments) {
            return null;
        }
        SavedRun saved =
                checkpoint.read(file -> SavedRun.load(file, "give a checkpoint of a training run, or omit --step"));
        TrainingConfig config = saved.checkpoint().training();
        if (step != null && step > config.steps()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--step is " + step + ", but must be at most " + config.steps() + ", the steps of the run",
                    null);
        }
        if (step == null && data.path() == null && !saved.isTrainedOn(data.options(specials))) {
            return null; // not on the bundled names
        }
        PythonRandom random = new PythonRandom(config.seed());
        return new RunData(saved, saved.data(data.options(specials), random, SavedRun.SAME_DATA), random);
    }

    /** Returns how much of the text stands in the training documents, or null if these are not at hand. */
    private @Nullable Map<String, @Nullable Object> copy(@Nullable RunData run) {
        if (run == null || !(run.texts instanceof DocumentData documents)) {
            return null;
        }
        Overlap overlap = Overlap.of(text, documents.training());
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        copy.put("status", overlap.copies() > 0 ? "copy" : "new");
        copy.put("copies", overlap.copies());
        copy.put("longest", overlap.longest());
        copy.put("count", overlap.documents());
        copy.put("documents", documents.training().size());
        return copy;
    }

    private static StepExplanation training(int number, RunData run, Explanation.Focus focus, Terminal terminal)
            throws IOException {
        terminal.say("repeating the run up to step " + number);
        Checkpoint saved = run.saved.checkpoint();
        RunReplay replayed;
        try {
            replayed = RunReplay.after(number - 1, run.saved, run.texts, run.random, terminal);
        } catch (IllegalArgumentException unrepeatable) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--step " + number + ": " + unrepeatable.getMessage(),
                    "give a step after one of the checkpoints that the run kept");
        }
        StepExplanation shown = new StepExplanation(replayed.run(), replayed.batches(), saved.training());
        if (focus.isAll() && replayed.replay() != null) {
            Replay.Run again = replayed.replay().newRun();
            shown.addHistory(again, saved.step());
            replayed.replay().checkEnd(again);
        }
        return shown;
    }

    /** Returns the tokens that the model reads and predicts: a document with BOS at both ends. */
    private int[] tokens(TrainedModel trained) {
        int[] tokens;
        try {
            tokens = trained.format().promptTokens(trained.tokenizer(), text);
        } catch (IllegalArgumentException unknown) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--text: " + unknown.getMessage(),
                    "microgpt info " + checkpoint + " shows the model's characters");
        }
        if (trained.format() == DataFormat.TEXT) {
            return tokens;
        }
        int[] closed = Arrays.copyOf(tokens, tokens.length + 1);
        closed[tokens.length] = trained.tokenizer().bos();
        return closed;
    }

    private int[] inputs(TrainedModel trained, int... tokens) {
        int blockSize = trained.model().config().blockSize();
        int length = trained.format() == DataFormat.TEXT ? tokens.length : tokens.length - 1;
        if (length > blockSize) {
            throw new CliException(ExitCode.CONTENT, "--text must " + rule(trained.format(), length, blockSize), null);
        }
        if (length > MOST_TOKENS && !full) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--text has " + length + " tokens, but a page shows at most " + MOST_TOKENS,
                    "give a shorter text, or --full for a very large page");
        }
        return Arrays.copyOf(tokens, length);
    }

    private static String rule(DataFormat format, int length, int blockSize) {
        if (format == DataFormat.TEXT) {
            return "have at most " + blockSize + " tokens, the block size, but has " + length;
        }
        return "have at most " + (blockSize - 1) + " tokens, but has " + (length - 1) + ": the block size is "
                + blockSize + ", and one position marks the beginning";
    }

    private Explanation.Focus focus(TrainedModel trained, int length) {
        boolean isSmall = trained.model().parameters().count() <= Explanation.ALL_NUMBERS;
        if (position != null && position >= length) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--position is " + position + ", but must be below " + length + ", the number of tokens",
                    null);
        }
        int layers = 1; // also of a model that names none
        for (Ablation part : Ablation.of(trained.model())) {
            layers = Math.max(layers, part.layer() + 1);
        }
        if (layer > 0 && layer >= layers) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--layer is " + layer + ", but must be below " + layers + ", the number of layers",
                    null);
        }
        return new Explanation.Focus(position == null ? length - 1 : position, layer, full || isSmall);
    }

    private Map<String, @Nullable Object> head(
            TrainedModel trained, String title, @Nullable Map<String, @Nullable Object> copy) {
        Map<String, @Nullable Object> model = new LinkedHashMap<>();
        model.put("type", trained.model().config().type().name());
        model.put("parameters", trained.model().parameters().count());
        List<Object> settings = new ArrayList<>();
        Settings.of(trained.model().config()).forEach((name, value) -> settings.add(List.of(name, value)));
        model.put("settings", settings);
        Path file = checkpoint.path().toAbsolutePath().normalize().getFileName(); // not the folders of this machine
        model.put("checkpoint", file == null ? "" : file.toString());
        Map<String, @Nullable Object> head = new LinkedHashMap<>();
        head.put("version", 1);
        head.put("title", title);
        head.put("text", text);
        head.put("model", model);
        head.put("copy", copy);
        return head;
    }
}

package dev.microgpt.cli.command;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.cli.data.DocumentData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.option.CheckpointOption;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.option.NewOnly;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.option.SamplingOptions;
import dev.microgpt.cli.option.SpecialTokensOption;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.option.TrainedOn;
import dev.microgpt.cli.run.RunSamples;
import dev.microgpt.cli.run.SavedRun;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.attribution.Attribution;
import dev.microgpt.train.attribution.Correlation;
import dev.microgpt.train.attribution.Influence;
import dev.microgpt.train.attribution.Influences;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code microgpt why}: attributes a text to the documents that a model was trained on. */
@CommandLine.Command(
        description = "Show which training documents made a model generate a text: repeat its training run without one"
                + " document after the other, and compare the probability of the text. Needs the checkpoint of a run on"
                + " documents, and its data.")
public final class WhyCommand implements Command {
    /** Work in seconds of the scalar kernels, about a minute on two threads, unless the number is given. */
    private static final double WORK = 100;

    private static final int WIDTH = 10;

    /** The run is described in this many parts. */
    private static final int PARTS = 5;

    /** The correlation of fewer documents is an accident. */
    private static final int LEAST = 5;

    @Mixin
    private final CheckpointOption checkpoint = new CheckpointOption();

    @Range(atLeast = 1)
    @Option(
            names = "--sample",
            paramLabel = "N",
            description = "Explain the N-th sample that the run printed at its end. If it had other sampling options"
                    + " than the defaults, repeat them.")
    private @Nullable Integer sample;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            converter = Converters.EscapedText.class,
            description = "The text to explain, instead of a sample; \\n, \\r, \\t and \\\\ stand for a line feed, a"
                    + " carriage return, a tab and a backslash.")
    private @Nullable String text;

    @Mixin
    private final TrainedOn data = new TrainedOn();

    @Mixin
    private final SpecialTokensOption specials = new SpecialTokensOption();

    @Range(atLeast = 0)
    @Option(
            names = "--exact",
            paramLabel = "N",
            description = "Number of documents to leave out: half of them those with the strongest estimates, half a"
                    + " random sample (default: all, or as many as take about a minute).")
    private @Nullable Integer exact;

    @Range(atLeast = 0)
    @Option(
            names = "--top",
            paramLabel = "N",
            description = "Number of documents to list that helped most, and that hindered most (default"
                    + " ${DEFAULT-VALUE}).")
    private int top = 20;

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Mixin
    private final NewOnly newOnly = new NewOnly();

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public double plainSeconds() throws IOException {
        checkOptions();
        checkpoint.read(RunFolder::parameters);
        return Double.POSITIVE_INFINITY; // as long as many runs, or a minute
    }

    private void checkOptions() {
        if ((sample == null) == (text == null)) {
            throw new CliException(
                    ExitCode.USAGE,
                    text == null
                            ? "neither --sample nor --text is given, but one of them must be"
                            : "--sample and --text cannot be used together",
                    "microgpt why --help lists the options");
        }
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        threads.use(terminal);
        checkOptions();
        SavedRun run = checkpoint.read(
                file -> SavedRun.load(file, "give a checkpoint of a training run, which " + file + " is not"));
        Checkpoint saved = run.checkpoint();
        if (saved.data().format() != DataFormat.DOCUMENTS) {
            throw new CliException(
                    ExitCode.CONTENT,
                    run.file() + " was trained on random crops of a text, so there are no documents to leave out",
                    "give a checkpoint of a run with --format documents");
        }
        PythonRandom random = new PythonRandom(saved.training().seed());
        DocumentData documents = (DocumentData) run.data(data.options(specials), random, SavedRun.SAME_DATA);
        int[] tokens = tokens(run, documents);
        Influences influences;
        Attribution attribution;
        try {
            attribution = Attribution.of(saved, documents.training(), random, tokens);
            terminal.say(Kernels.active().description() + " kernels, repeating the run from " + run.file());
            int count = count(attribution, saved.model().config().parameterCount(), terminal);
            influences = attribution.influences(count);
        } catch (IllegalArgumentException unfit) {
            throw checkpoint.broken(unfit);
        }
        describe(saved, documents, tokens, attribution, influences, terminal);
        print(influences, saved.step(), terminal);
    }

    /** Returns the tokens of the text. */
    private int[] tokens(SavedRun run, DocumentData documents) {
        Checkpoint saved = run.checkpoint();
        if (text != null) {
            try {
                int[] tokens = saved.tokenizer().encode(text);
                int blockSize = saved.model().config().blockSize();
                if (tokens.length > blockSize) {
                    throw new CliException(
                            ExitCode.CONTENT,
                            "--text has " + tokens.length + " tokens, but must have at most " + blockSize
                                    + ", the block size",
                            "give a shorter text");
                }
                return tokens;
            } catch (IllegalArgumentException unknown) {
                throw new CliException(
                        ExitCode.CONTENT,
                        "--text: " + unknown.getMessage(),
                        "microgpt info " + checkpoint + " shows the model's characters");
            }
        }
        if (saved.step() < saved.training().steps()) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--sample needs the end of the run, but " + run.file() + " is from step " + saved.step() + " of "
                            + saved.training().steps(),
                    "give the last checkpoint, or the text itself with --text");
        }
        int number = sample == null ? 1 : sample;
        PythonRandom random = new PythonRandom(saved.random());
        RunSamples samples = new RunSamples(saved.model(), documents);
        List<int[]> drawn = samples.tokens(sampling.config(), random, samples.copies(newOnly.isGiven(), number));
        if (drawn.size() < number) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--sample " + number + " --new-only: the run finds only " + drawn.size() + " samples that are new",
                    "give a smaller --sample, or the text itself with --text");
        }
        return drawn.get(number - 1);
    }

    /** Returns the number of documents to leave out, and says how long that takes. */
    private int count(Attribution attribution, double parameters, Terminal terminal) {
        int all = attribution.estimates().size();
        int count = exact == null ? all : Math.min(all, exact);
        for (int i = 0; exact == null && i < 2; i++) { // twice, since those with strong estimates come early
            count = (int) (count * Math.min(1, WORK / WorkEstimate.ofTraining(parameters, attribution.tokens(count))));
        }
        terminal.say("training without each of " + Format.grouped(count) + " documents, which takes about "
                + Format.duration(attribution.seconds(count))
                + (count == all
                        ? ""
                        : "; --exact " + all + " leaves out each of all " + Format.grouped(all) + " and takes about "
                                + Format.duration(attribution.seconds(all))));
        return count;
    }

    private void describe(
            Checkpoint saved,
            DocumentData documents,
            int[] tokens,
            Attribution attribution,
            Influences influences,
            Terminal terminal) {
        String decoded = saved.tokenizer().decode(tokens);
        terminal.print("text: " + Format.visible(decoded));
        boolean isClosed = attribution.targets() > tokens.length;
        terminal.print("log p: " + Format.fixed(attribution.logProbability(), 4) + " nats, for " + tokens.length
                + " tokens " + (isClosed ? "and the end" : "without the end, which is beyond the block size"));
        terminal.print("training data: " + place(decoded, documents, influences));
        terminal.print("documents: " + Format.grouped(influences.all().size()) + " different ones in "
                + Format.grouped(saved.step()) + " steps");
    }

    private static String place(String text, DocumentData documents, Influences influences) {
        int count = Collections.frequency(documents.training(), text);
        if (count == 0) {
            return documents.validation().contains(text)
                    ? "does not have this text, but the validation split has"
                    : "does not have this text: it is new";
        }
        String times = "has this text, " + (count == 1 ? "once" : count + " times") + " word for word";
        for (Influence influence : influences.all()) {
            if (influence.document().equals(text)) {
                return times + ", first seen in step " + influence.firstStep();
            }
        }
        return times + ", but the run did not come to it";
    }

    private void print(Influences influences, int steps, Terminal terminal) {
        int all = influences.all().size();
        int count = influences.exactCount();
        terminal.print("left out: "
                + (count == all
                        ? "each of them"
                        : Format.grouped(count) + " of them, "
                                + Format.grouped(influences.sample().size())
                                + " at random and the others for their estimates"));
        if (count < all) {
            double rest = 0;
            for (Influence influence : influences.all()) {
                rest = Math.max(rest, influence.isExact() ? 0 : Math.abs(influence.estimate()));
            }
            terminal.print("strongest estimate of the others: " + Format.fixed(rest, 4) + " nats");
        }
        correlations(influences, steps, terminal);
        print("helped most", influences.helped(top), terminal);
        print("hindered most", influences.hindered(top), terminal);
    }

    /** Prints how good the estimates are, for each fifth of the run and for all of it. */
    private static void correlations(Influences influences, int steps, Terminal terminal) {
        if (influences.sample().size() < LEAST) {
            return;
        }
        terminal.print("");
        terminal.print("correlation of the estimates with the exact differences, and of their ranks:");
        terminal.print("first seen in step  documents    TracIn   (ranks)      Adam   (ranks)");
        for (int part = 0; part < PARTS; part++) {
            int from = (int) ((long) steps * part / PARTS) + 1;
            int to = (int) ((long) steps * (part + 1) / PARTS);
            correlation(Format.padded(from, 8) + " to " + Format.padded(to, 6), influences.between(from, to), terminal);
        }
        correlation("               all", influences, terminal);
    }

    private static void correlation(String steps, Influences influences, Terminal terminal) {
        int documents = influences.sample().size();
        if (documents >= LEAST) {
            Correlation gradients = influences.ofGradientEstimates();
            Correlation adam = influences.ofAdamEstimates();
            terminal.print(steps
                    + Format.padded(documents, 11)
                    + signed(gradients.pearson(), 3)
                    + signed(gradients.spearman(), 3)
                    + signed(adam.pearson(), 3)
                    + signed(adam.spearman(), 3));
        }
    }

    private static void print(String heading, List<Influence> influences, Terminal terminal) {
        terminal.print("");
        terminal.print(heading + ", in nats:");
        terminal.print("     exact    TracIn      Adam      step  times  document");
        for (Influence influence : influences) {
            terminal.print(signed(influence.exact(), 4)
                    + signed(influence.gradientEstimate(), 4)
                    + signed(influence.adamEstimate(), 4)
                    + Format.padded(influence.firstStep(), WIDTH)
                    + Format.padded(influence.occurrences(), 7)
                    + "  "
                    + Format.visible(influence.document()));
        }
    }

    private static String signed(double number, int decimals) {
        String digits = Double.isNaN(number) ? "-" : (number < 0 ? "" : "+") + Format.fixed(number, decimals);
        return " ".repeat(Math.max(0, WIDTH - digits.length())) + digits;
    }
}

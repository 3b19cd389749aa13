package dev.microgpt.cli.command;

import dev.microgpt.cli.data.Beginning;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.option.CheckpointOption;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.option.SamplingOptions;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.generate.TextStream;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code microgpt sample}: one generated text a line. */
@CommandLine.Command(
        description =
                "Generate texts with a trained model, each on a line of its own or more. They are printed as they come.")
public final class SampleCommand implements Command {
    // for an estimate, as long as the checkpoint is not read: between microgpt's 16 and the 1024 of GPT-2
    private static final int USUAL_LENGTH = 256;

    @Mixin
    private final CheckpointOption checkpoint = new CheckpointOption();

    @Range(atLeast = 1)
    @Option(names = "--num-samples", paramLabel = "N", description = "How many texts (default ${DEFAULT-VALUE}).")
    private int numSamples = 20;

    @Range(atLeast = 1)
    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description =
                    "The most tokens to add to the prompt (default: up to the model's last position). Beyond it the"
                            + " model sees the last tokens only, and each costs as much as a whole block.")
    private @Nullable Integer maxNewTokens;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "What each text begins with (default nothing).")
    private String prompt = "";

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            converter = Converters.EscapedText.class,
            description = "Ends a text where this would begin; \\n, \\r, \\t and \\\\ stand for a line feed, a carriage"
                    + " return, a tab and a backslash. May be given more than once.")
    private List<String> stop = List.of();

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "What the samples are drawn with (default ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public double plainSeconds() throws IOException {
        double parameters = checkpoint.read(RunFolder::parameters);
        int newTokens = maxNewTokens == null ? USUAL_LENGTH : maxNewTokens;
        return WorkEstimate.ofSampling(parameters, numSamples, newTokens, USUAL_LENGTH);
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        threads.use(terminal);
        TrainedModel loaded = checkpoint.read(TrainedModel::load);
        DataFormat format = loaded.format();
        Gpt gpt = loaded.gpt();
        Tokenizer tokenizer = loaded.tokenizer();

        int[] start = start(format, tokenizer);
        checkFits(start.length, format, gpt.config().blockSize(), terminal);
        Generator generator = new Generator(gpt, new Sampler(sampling.config()), tokenizer.vocabSize());
        int most = maxNewTokens == null ? generator.room(start.length) : maxNewTokens;
        PythonRandom random = new PythonRandom(seed);
        for (int i = 0; i < numSamples; i++) {
            TextStream text = new TextStream(tokenizer, stop);
            terminal.printPart(prompt);
            try {
                generator.generate(start, most, tokenizer.bos(), random, token -> {
                    terminal.printPart(text.add(token));
                    return !text.stopped();
                });
            } catch (IllegalArgumentException broken) {
                throw checkpoint.broken(broken);
            }
            terminal.print(text.end());
        }
    }

    /** The tokens that come before the first one that is generated. */
    private int[] start(DataFormat format, Tokenizer tokenizer) {
        try {
            return Beginning.of(format, tokenizer, prompt);
        } catch (IllegalArgumentException unknown) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--prompt: " + unknown.getMessage(),
                    "microgpt info " + checkpoint + " shows the characters of the model");
        }
    }

    /** A text may begin anywhere; a model of documents has seen none without its beginning, so that is not cut off. */
    private void checkFits(int tokens, DataFormat format, int blockSize, Terminal terminal) {
        if (tokens <= blockSize) {
            return;
        }
        if (format == DataFormat.DOCUMENTS) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--prompt: found " + (tokens - 1) + " tokens, expected at most " + (blockSize - 1)
                            + ", for the model has " + blockSize + " positions and one is for the beginning",
                    null);
        }
        terminal.say("note: --prompt has " + tokens + " tokens, of which the model sees the last " + blockSize
                + (maxNewTokens == null ? "; without --max-new-tokens one is added" : ""));
    }
}

package dev.microgpt.cli.command;

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
import dev.microgpt.model.LanguageModel;
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

/** {@code microgpt sample}: generates text. */
@CommandLine.Command(
        description =
                "Generate text with a trained model: one sample after the other, each ending with a line end, printed"
                        + " as it is generated.")
public final class SampleCommand implements Command {
    // an estimate, before the checkpoint is read: between microgpt's 16 and GPT-2's 1024
    private static final int USUAL_LENGTH = 256;

    @Mixin
    private final CheckpointOption checkpoint = new CheckpointOption();

    @Range(atLeast = 1)
    @Option(
            names = "--num-samples",
            paramLabel = "N",
            description = "Number of samples to generate (default ${DEFAULT-VALUE}).")
    private int numSamples = 20;

    @Range(atLeast = 1)
    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            description =
                    "Maximum number of tokens to add to the prompt (default: as many as fit the block size). Beyond"
                            + " the block size the model sees only the last tokens, and each token costs as much as a"
                            + " whole block.")
    private @Nullable Integer maxNewTokens;

    @Option(
            names = "--prompt",
            paramLabel = "TEXT",
            converter = Converters.EscapedText.class,
            description = "Text that each sample begins with (default none); \\n, \\r, \\t and \\\\ stand for a line"
                    + " feed, a carriage return, a tab and a backslash.")
    private String prompt = "";

    @Option(
            names = "--stop",
            paramLabel = "TEXT",
            converter = Converters.StopText.class,
            description = "End a sample where this text would begin, with the same use of backslashes. May be given"
                    + " more than once.")
    private List<String> stop = List.of();

    @Mixin
    private final SamplingOptions sampling = new SamplingOptions();

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "Random seed (default ${DEFAULT-VALUE}).")
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
        LanguageModel model = loaded.model();
        Tokenizer tokenizer = loaded.tokenizer();

        int[] start = start(format, tokenizer);
        Generator generator = new Generator(model, new Sampler(sampling.config()), tokenizer.vocabSize());
        checkFits(start.length, format, model.config().blockSize(), generator.isEndless(), terminal);
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

    /** Returns the tokens before the first generated one. */
    private int[] start(DataFormat format, Tokenizer tokenizer) {
        try {
            return format.promptTokens(tokenizer, prompt);
        } catch (IllegalArgumentException unknown) {
            throw new CliException(
                    ExitCode.CONTENT,
                    "--prompt: " + unknown.getMessage(),
                    "microgpt info " + checkpoint + " shows the model's characters");
        }
    }

    /** Text may begin anywhere, but a model of documents has never seen one without its beginning, which is kept. */
    private void checkFits(int tokens, DataFormat format, int blockSize, boolean isEndless, Terminal terminal) {
        if (tokens <= blockSize || isEndless && maxNewTokens != null) {
            return;
        }
        if (!isEndless && format == DataFormat.DOCUMENTS) {
            String rule = blockSize == 1
                    ? "be empty, but its length in tokens is "
                    : "have at most " + (blockSize - 1) + " tokens, but has ";
            throw new CliException(
                    ExitCode.CONTENT,
                    "--prompt must " + rule + (tokens - 1) + ": the block size is " + blockSize
                            + ", and one position marks the beginning",
                    null);
        }
        terminal.say("note: --prompt has " + tokens + " tokens, "
                + (isEndless ? "more than the block of " : "but the model sees only the last ")
                + blockSize
                + (maxNewTokens == null ? "; without --max-new-tokens, one token is added" : ""));
    }
}

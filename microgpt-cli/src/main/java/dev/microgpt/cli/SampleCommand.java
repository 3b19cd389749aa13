package dev.microgpt.cli;

import dev.microgpt.model.Generator;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.PythonRandom;
import dev.microgpt.model.Sampler;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.DataFormat;
import dev.microgpt.train.TrainedModel;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code microgpt sample}: one generated text a line. */
@CommandLine.Command(
        name = "sample",
        sortOptions = false,
        description = "Generate texts with a trained model, each on a line of its own or more.")
final class SampleCommand implements Command {
    // for an estimate, as long as the checkpoint is not read: between microgpt's 16 and the 1024 of GPT-2
    private static final int USUAL_LENGTH = 256;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE|DIR",
            converter = Converters.FilePath.class,
            description = "What train saved, or the folder it is in (default ${DEFAULT-VALUE}).")
    private Path checkpoint = Path.of("out");

    @Option(
            names = "--num-samples",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "How many texts (default ${DEFAULT-VALUE}).")
    private int numSamples = 20;

    @Option(
            names = "--max-new-tokens",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "The most tokens to add to the prompt (default: up to the model's last position).")
    private @Nullable Integer maxNewTokens;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "What each text begins with (default nothing).")
    private String prompt = "";

    @Option(
            names = "--temperature",
            paramLabel = "X",
            converter = Converters.NotNegative.class,
            description =
                    "Below 1 likely tokens become likelier; 0 always takes the most likely (default ${DEFAULT-VALUE}).")
    private double temperature = 0.5;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "What the samples are drawn with (default ${DEFAULT-VALUE}).")
    private long seed = 42;

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Converters.ThreadCount.class,
            description = Threads.DESCRIPTION)
    private @Nullable Integer threads;

    @Override
    public double plainSeconds() throws IOException {
        double parameters = RunFolder.parameters(RunFolder.checkpointAt("--checkpoint", checkpoint));
        int length = maxNewTokens == null ? USUAL_LENGTH : Math.min(maxNewTokens, USUAL_LENGTH);
        return WorkEstimate.ofSampling(parameters, (double) numSamples * length);
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        if (threads != null) {
            Threads.use(threads, terminal);
        }
        TrainedModel loaded = TrainedModel.load(RunFolder.checkpointAt("--checkpoint", checkpoint));
        Gpt gpt = loaded.gpt();
        Tokenizer tokenizer = loaded.tokenizer();
        int[] start = start(loaded);
        int most = maxNewTokens == null ? gpt.config().blockSize() : maxNewTokens;
        Generator generator = new Generator(gpt, new Sampler(temperature));
        PythonRandom random = new PythonRandom(seed);
        for (int i = 0; i < numSamples; i++) {
            int[] ids;
            try {
                ids = generator.generate(start, most, tokenizer.bos(), random);
            } catch (IllegalArgumentException broken) {
                throw new CliException(
                        ExitCode.CONTENT, "--checkpoint " + checkpoint + ": " + broken.getMessage(), null);
            }
            terminal.print(prompt + tokenizer.decode(ids));
        }
    }

    /** The tokens that come before the first one that is generated. */
    private int[] start(TrainedModel loaded) {
        int[] start;
        try {
            start = Beginning.of(loaded.format(), loaded.tokenizer(), prompt);
        } catch (IllegalArgumentException unknown) {
            throw new CliException(ExitCode.CONTENT, "--prompt: " + unknown.getMessage(), null);
        }
        int blockSize = loaded.gpt().config().blockSize();
        if (start.length > blockSize) {
            int beginning = loaded.format() == DataFormat.DOCUMENTS ? 1 : 0;
            throw new CliException(
                    ExitCode.CONTENT,
                    "--prompt: found " + (start.length - beginning) + " tokens, expected at most "
                            + (blockSize - beginning) + ", for the model has " + blockSize + " positions"
                            + (beginning == 1 ? " and one is for the beginning" : ""),
                    null);
        }
        return start;
    }
}

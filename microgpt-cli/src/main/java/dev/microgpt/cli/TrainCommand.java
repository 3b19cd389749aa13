package dev.microgpt.cli;

import dev.microgpt.autograd.Kernels;
import dev.microgpt.model.CharTokenizer;
import dev.microgpt.model.Generator;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.PythonRandom;
import dev.microgpt.model.Sampler;
import dev.microgpt.train.Adam;
import dev.microgpt.train.Batcher;
import dev.microgpt.train.Checkpoint;
import dev.microgpt.train.Documents;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code microgpt train}: with no option, the run of microgpt.py, line by line. */
@CommandLine.Command(
        name = "train",
        sortOptions = false,
        description = "Train a model, save it, and print samples. Without options: microgpt.py's run on the names that"
                + " come with the program.")
final class TrainCommand implements Command {
    // the smallest vocabulary: the real one comes from the data
    private static final GptConfig MODEL = GptConfig.microgpt(2);
    private static final TrainingConfig TRAINING = TrainingConfig.microgpt();

    // for an estimate, as long as the data is not read
    private static final int USUAL_VOCABULARY = 128;

    /** What microgpt.py prints before its samples. */
    private static final String SAMPLES_HEADING = "--- inference (new, hallucinated names) ---";

    @Option(
            names = "--n-layer",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Blocks of the transformer (default ${DEFAULT-VALUE}).")
    private int nLayer = MODEL.nLayer();

    @Option(
            names = "--n-head",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Attention heads in a block, a divisor of --n-embd (default ${DEFAULT-VALUE}).")
    private int nHead = MODEL.nHead();

    @Option(
            names = "--n-embd",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Channels (default ${DEFAULT-VALUE}).")
    private int nEmbd = MODEL.nEmbd();

    @Option(
            names = "--block-size",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "The largest number of positions (default ${DEFAULT-VALUE}).")
    private int blockSize = MODEL.blockSize();

    @Option(
            names = "--data",
            paramLabel = "FILE",
            converter = Converters.FilePath.class,
            description = "A UTF-8 text with one document a line (default: the names that come with the program).")
    private @Nullable Path data;

    @Option(
            names = "--steps",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Updates of the whole run (default ${DEFAULT-VALUE}).")
    private int steps = TRAINING.steps();

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Documents a step (default ${DEFAULT-VALUE}).")
    private int batchSize = TRAINING.batchSize();

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            converter = Converters.Positive.class,
            description = "Rate of the first step; it falls along a line to 0 (default ${DEFAULT-VALUE}).")
    private double learningRate = TRAINING.schedule().learningRate();

    @Option(
            names = "--beta1",
            paramLabel = "X",
            converter = Converters.Fraction.class,
            description = "How slowly Adam's mean of the gradients forgets (default ${DEFAULT-VALUE}).")
    private double beta1 = TRAINING.adam().beta1();

    @Option(
            names = "--beta2",
            paramLabel = "X",
            converter = Converters.Fraction.class,
            description = "How slowly Adam's mean of their squares forgets (default ${DEFAULT-VALUE}).")
    private double beta2 = TRAINING.adam().beta2();

    @Option(
            names = "--adam-eps",
            paramLabel = "X",
            converter = Converters.Positive.class,
            description = "What Adam adds to the root (default ${DEFAULT-VALUE}).")
    private double adamEps = TRAINING.adam().eps();

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "What shuffle, first weights and samples are drawn with (default ${DEFAULT-VALUE}).")
    private long seed = TRAINING.seed();

    @Option(
            names = "--threads",
            paramLabel = "N",
            converter = Converters.ThreadCount.class,
            description = Threads.DESCRIPTION)
    private @Nullable Integer threads;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            converter = Converters.FilePath.class,
            description = "Folder for the checkpoint, made if missing (default ${DEFAULT-VALUE}).")
    private Path out = Path.of("out");

    @Option(names = "--overwrite", description = "Replace another run in that folder.")
    private boolean overwrite;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            converter = Converters.FilePath.class,
            description = "Write one JSON object a step, numbers in full precision.")
    private @Nullable Path metrics;

    @Option(
            names = "--num-samples",
            paramLabel = "N",
            converter = Converters.AtLeastZero.class,
            description = "Samples to print after the training (default ${DEFAULT-VALUE}).")
    private int numSamples = 20;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            converter = Converters.NotNegative.class,
            description = "Of those samples: 0 always takes the most likely token (default ${DEFAULT-VALUE}).")
    private double temperature = 0.5;

    @Override
    public double plainSeconds() {
        GptConfig config = config(USUAL_VOCABULARY);
        double documents = (double) steps * batchSize;
        double most = WorkEstimate.ofTraining(config, documents, blockSize);
        // only what may be long is worth a look at the data
        return WorkEstimate.isLong(most)
                ? WorkEstimate.ofTraining(config, documents, DocumentLength.mean(data, blockSize))
                : most;
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        if (threads != null) {
            Threads.use(threads, terminal);
        }
        TrainingConfig training = new TrainingConfig(steps, batchSize, learningRate, beta1, beta2, adamEps, seed);
        Documents documents = data == null ? BundledNames.read() : read(data);
        PythonRandom random = new PythonRandom(seed);
        List<String> texts = documents.texts();
        random.shuffle(texts);
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(texts);
        GptConfig config = config(tokenizer.vocabSize());
        MemoryNeed.check(config, batchSize);
        RunFolder folder = new RunFolder(out);
        folder.prepare();
        if (!overwrite) {
            folder.checkFree(new Plan(training, config, documents));
        }
        try (Metrics lines = metrics == null ? null : new Metrics(metrics)) {
            terminal.say(Kernels.active().description() + " kernels, writing " + folder.checkpoint());
            Gpt gpt = new Gpt(config, Parameters.drawnFrom(random));
            terminal.print("num docs: " + texts.size());
            terminal.print("vocab size: " + tokenizer.vocabSize());
            terminal.print("num params: " + gpt.parameters().count());

            Adam adam = new Adam(gpt.parameters().all(), training.adam());
            Batcher batcher = new Batcher(texts, tokenizer, batchSize, blockSize);
            Trainer trainer = new Trainer(gpt, batcher, adam, training);
            trainer.addListener(new StepLines(terminal, steps));
            if (lines != null) {
                trainer.addListener(lines);
            }
            train(trainer, new Preparation(documents, out, terminal));
            int done = trainer.step();
            save(new Checkpoint(training, tokenizer, gpt, adam, done, random.state(), documents.sha256()), folder);
            printSamples(terminal, gpt, tokenizer, random);
        }
    }

    private void train(Trainer trainer, Preparation preparation) {
        preparation.start();
        try {
            trainer.run(steps);
        } finally {
            preparation.finish();
        }
    }

    private static void save(Checkpoint checkpoint, RunFolder folder) throws IOException {
        try {
            checkpoint.save(folder.checkpoint());
        } catch (IllegalStateException notFinite) {
            throw diverged(notFinite);
        }
    }

    private static CliException diverged(RuntimeException cause) {
        return new CliException(
                ExitCode.DIVERGED,
                "training diverged in its last step: " + cause.getMessage(),
                "lower --learning-rate");
    }

    private static Documents read(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new CliException(
                    ExitCode.IO, "--data " + file + ": found a folder, expected a file with one document a line", null);
        }
        return Documents.read(file);
    }

    private GptConfig config(int vocabSize) {
        try {
            return new GptConfig(vocabSize, nLayer, nHead, nEmbd, blockSize);
        } catch (IllegalArgumentException contradiction) {
            throw new CliException(ExitCode.USAGE, String.valueOf(contradiction.getMessage()), null);
        }
    }

    private void printSamples(Terminal terminal, Gpt gpt, CharTokenizer tokenizer, PythonRandom random) {
        if (numSamples == 0) {
            return;
        }
        terminal.print("");
        terminal.print(SAMPLES_HEADING);
        Generator generator = new Generator(gpt, new Sampler(temperature));
        int[] start = {tokenizer.bos()};
        for (int i = 1; i <= numSamples; i++) {
            int[] ids;
            try {
                ids = generator.generate(start, blockSize, tokenizer.bos(), random);
            } catch (IllegalArgumentException broken) {
                throw diverged(broken);
            }
            terminal.print("sample " + Format.padded(i, 2) + ": " + tokenizer.decode(ids));
        }
    }

    /** The settings and data that decide every bit of the last checkpoint. */
    private record Plan(TrainingConfig training, GptConfig config, Documents documents) implements RunFolder.Plan {
        @Override
        public boolean endsIn(Checkpoint checkpoint) {
            return checkpoint.step() == training.steps()
                    && checkpoint.training().equals(training)
                    && checkpoint.gpt().config().equals(config)
                    && checkpoint.data().equals(documents.sha256());
        }
    }
}

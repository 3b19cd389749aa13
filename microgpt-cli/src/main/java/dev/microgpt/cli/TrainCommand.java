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
import dev.microgpt.train.LearningRate;
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
    /** What microgpt.py prints before its samples. */
    private static final String SAMPLES_HEADING = "--- inference (new, hallucinated names) ---";

    @Option(
            names = "--n-layer",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Blocks of the transformer (default 1).")
    private int nLayer = 1;

    @Option(
            names = "--n-head",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Attention heads in a block, a divisor of --n-embd (default 4).")
    private int nHead = 4;

    @Option(
            names = "--n-embd",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Channels (default 16).")
    private int nEmbd = 16;

    @Option(
            names = "--block-size",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "The largest number of positions (default 16).")
    private int blockSize = 16;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "A UTF-8 text with one document a line (default: the names that come with the program).")
    private @Nullable Path data;

    @Option(
            names = "--steps",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Updates of the whole run (default 1000).")
    private int steps = 1000;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            converter = Converters.AtLeastOne.class,
            description = "Documents a step (default 1).")
    private int batchSize = 1;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            converter = Converters.Positive.class,
            description = "Rate of the first step; it falls along a line to 0 (default 0.01).")
    private double learningRate = 0.01;

    @Option(
            names = "--beta1",
            paramLabel = "X",
            converter = Converters.Fraction.class,
            description = "How slowly Adam's mean of the gradients forgets (default 0.85).")
    private double beta1 = 0.85;

    @Option(
            names = "--beta2",
            paramLabel = "X",
            converter = Converters.Fraction.class,
            description = "How slowly Adam's mean of their squares forgets (default 0.99).")
    private double beta2 = 0.99;

    @Option(
            names = "--adam-eps",
            paramLabel = "X",
            converter = Converters.Positive.class,
            description = "What Adam adds to the root (default 1e-8).")
    private double adamEps = 1e-8;

    @Option(
            names = "--seed",
            paramLabel = "N",
            converter = Converters.Seed.class,
            description = "What shuffle, first weights and samples are drawn with (default 42).")
    private long seed = 42;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder for the checkpoint, made if missing (default out).")
    private Path out = Path.of("out");

    @Option(names = "--overwrite", description = "Replace another run in that folder.")
    private boolean overwrite;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Write one JSON object a step, numbers in full precision.")
    private @Nullable Path metrics;

    @Option(
            names = "--num-samples",
            paramLabel = "N",
            converter = Converters.AtLeastZero.class,
            description = "Samples to print after the training (default 20).")
    private int numSamples = 20;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            converter = Converters.NotNegative.class,
            description = "Of those samples: 0 always takes the most likely token (default 0.5).")
    private double temperature = 0.5;

    @Override
    public void run(Terminal terminal) throws IOException {
        TrainingConfig training = new TrainingConfig(steps, batchSize, learningRate, beta1, beta2, adamEps, seed);
        Documents documents = data == null ? BundledNames.read() : read(data);
        PythonRandom random = new PythonRandom(seed);
        List<String> texts = documents.texts();
        random.shuffle(texts);
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(texts);
        GptConfig config = config(tokenizer.vocabSize());
        MemoryNeed.of(config).check();

        RunFolder folder = new RunFolder(out);
        folder.prepare();
        if (!overwrite) {
            folder.checkFree(new Plan(training, config, documents));
        }
        terminal.say(Kernels.active().description() + " kernels, writing " + folder.checkpoint());

        Gpt gpt = new Gpt(config, Parameters.drawnFrom(random));
        terminal.print("num docs: " + texts.size());
        terminal.print("vocab size: " + tokenizer.vocabSize());
        terminal.print("num params: " + gpt.parameters().count());
        Adam adam = new Adam(gpt.parameters().all(), beta1, beta2, adamEps);
        Trainer trainer = new Trainer(
                gpt,
                new Batcher(texts, tokenizer, batchSize, blockSize),
                adam,
                LearningRate.linearDecay(learningRate, steps));
        trainer.addListener(new StepLines(terminal, steps));
        Preparation preparation = new Preparation(documents, out, terminal);
        preparation.start();
        try {
            train(trainer);
        } finally {
            preparation.finish();
        }
        new Checkpoint(training, tokenizer, gpt, adam, trainer.step(), random.state(), documents.sha256())
                .save(folder.checkpoint());
        printSamples(terminal, gpt, tokenizer, random);
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

    private void train(Trainer trainer) throws IOException {
        if (metrics == null) {
            trainer.run(steps);
            return;
        }
        try (Metrics lines = new Metrics(metrics)) {
            trainer.addListener(lines);
            trainer.run(steps);
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
            int[] ids = generator.generate(start, blockSize, tokenizer.bos(), random);
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

package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.option.CheckpointOption;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.option.NewOnly;
import dev.microgpt.cli.option.PromptOptions;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.option.SamplingOptions;
import dev.microgpt.cli.option.Threads;
import dev.microgpt.cli.option.TrainedOn;
import dev.microgpt.cli.run.Copies;
import dev.microgpt.cli.run.TrainingDocuments;
import dev.microgpt.cli.run.WorkEstimate;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.generate.BeyondBlock;
import dev.microgpt.model.generate.GeneratedText;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.TextGenerator;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.internal.json.JsonWriter;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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

    /** The estimated seconds beyond the block from which the slow way is worth a note. */
    private static final double SLOW_FROM = 5;

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
            description = "Maximum number of tokens to add to the prompt (default: documents as many as fit the block"
                    + " size, text 300 characters).")
    private @Nullable Integer maxNewTokens;

    @Option(
            names = "--beyond-block",
            paramLabel = "NAME",
            description =
                    "What the model sees of a text longer than the block size: half, the last half of the block and"
                            + " what follows until it is full again; or slide, always the last tokens that fit, as in"
                            + " nanoGPT, where each token costs as much as a whole block (default half).")
    private @Nullable BeyondBlock beyondBlock;

    @Mixin
    private final PromptOptions prompt = new PromptOptions();

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

    @Option(
            names = "--json",
            description =
                    "Print each sample as a JSON object on a line of its own: number, prompt, text, tokens, ended,"
                            + " seed, and copy if the training documents are at hand.")
    private boolean json;

    @Mixin
    private final NewOnly newOnly = new NewOnly();

    @Mixin
    private final TrainedOn data = new TrainedOn();

    @Mixin
    private final Threads threads = new Threads();

    @Override
    public double plainSeconds() throws IOException {
        check();
        double parameters = checkpoint.read(RunFolder::parameters);
        int newTokens = maxNewTokens == null ? USUAL_LENGTH : maxNewTokens;
        int beyond = beyondBlock == BeyondBlock.SLIDE ? USUAL_LENGTH : 2;
        return WorkEstimate.ofSampling(parameters, numSamples, newTokens, beyond);
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        threads.use(terminal);
        check();
        TrainedModel loaded = checkpoint.read(TrainedModel::loadForInference);
        newOnly.check(loaded.format());
        boolean streams = !json && !newOnly.isGiven();
        List<String> documents = streams && data.path() == null ? null : documents(loaded);
        checkKnown(documents);
        String text = prompt.read();
        int[] start = start(loaded, text, terminal);
        TextGenerator generator = loaded.generator(config());
        checkFits(start.length, loaded, generator.tokens().isEndless(), terminal);
        noteSlow(start.length, loaded, generator, terminal);
        try {
            if (streams) {
                stream(generator, start, text, loaded, documents, terminal);
            } else {
                draw(generator, start, text, loaded, documents, terminal);
            }
        } catch (IllegalArgumentException broken) {
            throw checkpoint.broken(broken);
        }
    }

    private void check() {
        prompt.check(data.path());
        data.check();
    }

    /** Prints samples as they are generated, and says afterwards which are copies. */
    private void stream(
            TextGenerator generator,
            int[] start,
            String text,
            TrainedModel loaded,
            @Nullable List<String> documents,
            Terminal terminal)
            throws IOException {
        PythonRandom random = new PythonRandom(seed);
        List<GeneratedText> samples = new ArrayList<>();
        for (int i = 0; i < numSamples; i++) {
            terminal.printPart(text);
            GeneratedText sample = generator.generate(start, random, terminal::printPart);
            terminal.print("");
            if (loaded.format() == DataFormat.DOCUMENTS) {
                samples.add(sample);
            }
        }
        List<String> known = documents == null ? documents(loaded) : documents;
        Copies copies = new Copies(known == null ? List.of() : known, false, numSamples);
        String beginning = prompt.beginning(text, loaded.tokenizer());
        for (GeneratedText sample : samples) {
            copies.add(beginning + sample.text(), isCut(sample));
        }
        copies.say(terminal);
    }

    /** Returns the documents that the model was trained on, or null if they are not at hand. */
    private @Nullable List<String> documents(TrainedModel loaded) throws IOException {
        return TrainingDocuments.of(loaded, checkpoint, data);
    }

    /** Prints the samples that are wanted, or all of them as JSON. */
    private void draw(
            TextGenerator generator,
            int[] start,
            String text,
            TrainedModel loaded,
            @Nullable List<String> documents,
            Terminal terminal) {
        String beginning = prompt.beginning(text, loaded.tokenizer());
        PythonRandom random = new PythonRandom(seed);
        Copies copies = new Copies(documents == null ? List.of() : documents, newOnly.isGiven(), numSamples);
        int number = 1;
        while (copies.wantsMore()) {
            GeneratedText sample = generator.generate(start, random);
            boolean isCopy = copies.add(beginning + sample.text(), isCut(sample));
            if (copies.keeps(isCopy)) {
                Boolean known = documents == null ? null : isCopy;
                terminal.print(json ? line(number, text, sample, known) : text + sample.text());
                number++;
            }
        }
        copies.say(terminal);
    }

    /** Returns whether a sample ends with the block, and may so be the beginning of a longer document. */
    private boolean isCut(GeneratedText sample) {
        return maxNewTokens == null && sample.ending() == GeneratedText.Ending.LENGTH;
    }

    private GenerationConfig config() {
        GenerationConfig config = GenerationConfig.of(sampling.config()).withStop(stop.toArray(new String[0]));
        config = beyondBlock == null ? config : config.withBeyondBlock(beyondBlock);
        return maxNewTokens == null ? config : config.withMaxNewTokens(maxNewTokens);
    }

    private void checkKnown(@Nullable List<String> documents) {
        if (newOnly.isGiven() && documents == null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--new-only needs the documents that the model was trained on, which are not the bundled names",
                    "name them with --data");
        }
    }

    /** Returns the tokens before the first generated one. */
    private int[] start(TrainedModel loaded, String text, Terminal terminal) {
        try {
            return loaded.format().promptTokens(loaded.tokenizer(), prompt.encode(text, loaded.tokenizer(), terminal));
        } catch (IllegalArgumentException unknown) {
            throw new CliException(
                    ExitCode.CONTENT,
                    prompt.name() + ": " + unknown.getMessage(),
                    "microgpt info " + checkpoint + " shows the model's characters");
        }
    }

    /** Text may begin anywhere, but a model of documents has never seen one without its beginning, which is kept. */
    private void checkFits(int tokens, TrainedModel loaded, boolean isEndless, Terminal terminal) {
        int blockSize = loaded.model().config().blockSize();
        boolean isOfDocuments = loaded.format() == DataFormat.DOCUMENTS;
        boolean isLimited = maxNewTokens != null || !isOfDocuments;
        if (tokens <= blockSize || isEndless && isLimited) {
            return;
        }
        if (!isEndless && isOfDocuments && beyondBlock == null) {
            String rule = blockSize == 1
                    ? "be empty, but its length in tokens is "
                    : "have at most " + (blockSize - 1) + " tokens, but has ";
            throw new CliException(
                    ExitCode.CONTENT,
                    prompt.name() + " must " + rule + (tokens - 1) + ": the block size is " + blockSize
                            + ", and one position marks the beginning",
                    "shorten it, or continue from its last tokens as if a document began there, with"
                            + " --beyond-block half");
        }
        terminal.say("note: " + prompt.name() + " has " + tokens + " tokens, "
                + (isEndless ? "more than the block of " : "but the model sees only the last ")
                + blockSize
                + (isLimited ? "" : "; without --max-new-tokens, one token is added"));
    }

    /** Says what the slow way costs, if that takes seconds. */
    private void noteSlow(int tokens, TrainedModel loaded, TextGenerator generator, Terminal terminal) {
        if (generator.tokens().isEndless() || beyondBlock != BeyondBlock.SLIDE) {
            return;
        }
        int blockSize = loaded.model().config().blockSize();
        int most = maxNewTokens != null ? maxNewTokens : loaded.format() == DataFormat.TEXT ? USUAL_LENGTH : 0;
        double beyond = Math.max(0, most - generator.tokens().room(tokens));
        double parameters = loaded.model().config().parameterCount();
        if (WorkEstimate.ofSampling(parameters, numSamples, blockSize + beyond, blockSize) > SLOW_FROM) {
            terminal.say("note: beyond the block size of " + blockSize + ", each token costs as much as a whole block;"
                    + " with --beyond-block half it costs two tokens, and the model sees at least "
                    + Math.max(1, blockSize / 2));
        }
    }

    /** Returns a sample as JSON. */
    private String line(int number, String text, GeneratedText sample, @Nullable Boolean isCopy) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("number", number);
        fields.put("prompt", text);
        fields.put("text", sample.text());
        fields.put("tokens", sample.tokens());
        fields.put("ended", sample.ending().toString());
        fields.put("seed", new BigInteger(Long.toUnsignedString(seed)));
        if (isCopy != null) {
            fields.put("copy", isCopy);
        }
        return JsonWriter.text(fields);
    }
}

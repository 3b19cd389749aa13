package dev.microgpt.cli.option;

import dev.microgpt.cli.data.DocumentFiles;
import dev.microgpt.cli.data.StandardInput;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.GptConfig;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.DocumentSet;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.TextCorpus;
import dev.microgpt.train.data.TextRepairs;
import dev.microgpt.train.data.TextSource;
import dev.microgpt.train.data.TextWindows;
import dev.microgpt.train.data.Tokens;
import dev.microgpt.train.data.ValidationSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say on what a model is measured. */
public final class EvalText {
    // for an estimate, as long as the text is not read
    private static final double BYTES_PER_TOKEN = 4;

    /** How many scores, one for each position and token of the vocabulary, are computed at a time: 32 MB. */
    private static final double SCORES_AT_A_TIME = 1 << 22;

    @Option(
            names = "--data",
            paramLabel = "FILE|DIR|-",
            description = "A UTF-8 text, a folder of *.txt, or - for standard input; all of it is measured.")
    private @Nullable Path data;

    @Option(names = "--text", paramLabel = "TEXT", description = "The text itself.")
    private @Nullable String text;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "documents, one a line; or text (default: what the model was trained on).")
    private @Nullable DataFormat format;

    private TextRepairs repairs = TextRepairs.NONE;

    /** Refuses what is known to be wrong before anything is read. */
    public void check() {
        if (data == null && text == null || data != null && text != null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "found " + (text == null ? "neither --data nor --text" : "both --data and --text")
                            + ", expected one of them",
                    "microgpt eval --help lists what there is");
        }
    }

    public double usualTokens() throws IOException {
        boolean isFile = data != null && Files.isRegularFile(data);
        return isFile ? Files.size(data) / BYTES_PER_TOKEN : 0;
    }

    public DataFormat format(TrainedModel model) {
        return format == null ? model.format() : format;
    }

    /** Reads the text, as the model would have been measured on it in training. */
    public ValidationSet read(TrainedModel model) throws IOException {
        GptConfig config = model.gpt().config();
        double scores = (double) config.blockSize() * config.vocabSize();
        int batchSize = (int) Math.max(1, SCORES_AT_A_TIME / scores);
        if (format(model) == DataFormat.DOCUMENTS) {
            return documents(model, batchSize);
        }
        TextCorpus corpus = TextCorpus.read(source(), 0, model.tokenizer());
        repairs = corpus.repairs();
        Tokens tokens = corpus.training();
        if (tokens.count() < 2) {
            throw new CliException(
                    ExitCode.CONTENT,
                    option() + ": found a text of " + tokens.count() + " token, expected at least 2, for the first has"
                            + " nothing before it to be predicted from",
                    "give a longer text");
        }
        return new TextWindows(tokens, config.blockSize(), batchSize, model.tokenizer());
    }

    /** Returns what was set right in the text when it was read, empty if nothing was. */
    public String repairs() {
        return repairs.description().isEmpty() ? "" : option() + ": " + repairs.description();
    }

    private ValidationSet documents(TrainedModel model, int batchSize) throws IOException {
        Documents documents =
                text == null ? DocumentFiles.read(data) : Documents.of(text.getBytes(StandardCharsets.UTF_8), "--text");
        repairs = documents.repairs();
        try {
            return new DocumentSet(
                    documents.texts(),
                    model.tokenizer(),
                    batchSize,
                    model.gpt().config().blockSize());
        } catch (IllegalArgumentException unknown) {
            throw new CliException(
                    ExitCode.CONTENT,
                    option() + ": " + unknown.getMessage(),
                    "microgpt info shows the characters of a model");
        }
    }

    private TextSource source() throws IOException {
        if (text != null) {
            return TextSource.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), "--text");
        }
        return StandardInput.textOf(data == null ? Path.of(StandardInput.NAME) : data);
    }

    private String option() {
        return text == null ? "--data " + data : "--text";
    }
}

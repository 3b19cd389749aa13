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

/** The options of the text that a model is evaluated on. */
public final class EvalText {
    // an estimate, before the text is read
    private static final double BYTES_PER_TOKEN = 4;

    /** The number of logits, one for each position and token of the vocabulary, to compute at a time: 32 MB. */
    private static final double SCORES_AT_A_TIME = 1 << 22;

    @Option(
            names = "--data",
            paramLabel = "FILE|DIR|-",
            converter = Converters.PathOrStandardInput.class,
            description = "Text to evaluate on: a UTF-8 file, a folder of *.txt files, or - for standard input.")
    private @Nullable Path data;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            converter = Converters.EscapedText.class,
            description = "The text itself, instead of --data; \\n, \\r, \\t and \\\\ stand for a line feed, a carriage"
                    + " return, a tab and a backslash.")
    private @Nullable String text;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "documents, one per line; or text (default: the format the model was trained on).")
    private @Nullable DataFormat format;

    private TextRepairs repairs = TextRepairs.NONE;

    /** Refuses both options together, and neither of them. */
    public void check() {
        if (data == null && text == null || data != null && text != null) {
            throw new CliException(
                    ExitCode.USAGE,
                    text == null
                            ? "neither --data nor --text is given, but one of them must be"
                            : "--data and --text cannot be used together",
                    "microgpt eval --help lists the options");
        }
    }

    public double usualTokens() throws IOException {
        boolean isFile = data != null && Files.isRegularFile(data);
        return isFile ? Files.size(data) / BYTES_PER_TOKEN : 0;
    }

    public DataFormat format(TrainedModel model) {
        return format == null ? model.format() : format;
    }

    /** Reads the text, as training reads its validation split. */
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
                    option() + " must be at least 2 tokens long, but is " + tokens.count()
                            + ": the first token has no context to be predicted from",
                    "give a longer text");
        }
        return new TextWindows(tokens, config.blockSize(), batchSize, model.tokenizer());
    }

    /** Returns what was repaired in the text while reading it; empty if nothing was. */
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
                    "microgpt info shows the model's characters");
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

package dev.microgpt.cli.option;

import dev.microgpt.cli.data.DocumentFiles;
import dev.microgpt.cli.data.PreparedFiles;
import dev.microgpt.cli.data.StandardInput;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.DocumentWindows;
import dev.microgpt.train.data.Documents;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.TextCorpus;
import dev.microgpt.train.data.TextWindows;
import dev.microgpt.train.data.Tokens;
import dev.microgpt.train.data.ValidationSet;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the text that a model is evaluated on. */
public final class EvalText {
    // an estimate, before the text is read
    private static final double BYTES_PER_TOKEN = 4;

    // an estimate, before the model is read: between microgpt's 16 and GPT-2's 1024
    private static final double USUAL_BLOCK = 64;

    @Option(
            names = "--data",
            paramLabel = "FILE|DIR|-",
            converter = Converters.PathOrStandardInput.class,
            description = "Text to evaluate on: a UTF-8 file, a folder of text files, a folder written by data prepare"
                    + " (its validation split), or - for standard input.")
    private @Nullable Path data;

    @Option(
            names = "--text",
            paramLabel = "TEXT",
            converter = Converters.EscapedText.class,
            description = "The text itself, instead of --data; \\n, \\r, \\t and \\\\ stand for a line feed, a carriage"
                    + " return, a tab and a backslash.")
    private @Nullable String text;

    @Mixin
    private final RecordOptions records = new RecordOptions();

    @Mixin
    private final SpecialTokensOption specials = new SpecialTokensOption();

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "documents, one per line or record; or text (default: the format the model was trained on).")
    private @Nullable DataFormat format;

    @Range(atLeast = 1)
    @Option(
            names = "--stride",
            paramLabel = "N",
            description = "Tokens between the windows in which a text or document longer than the block size is"
                    + " evaluated. Below the block size, windows overlap, and each scores only its last N tokens, with"
                    + " more context (default: the block size).")
    private @Nullable Integer stride;

    private TextRepairs repairs = TextRepairs.NONE;
    private long windows;
    private long texts;

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
        if (text != null) {
            records.checkAbsent(" and --text cannot be used together", "give a file with --data instead");
        }
    }

    /** Estimates the number of tokens to compute, before model and text are read. */
    public double usualTokens() throws IOException {
        boolean isFile = data != null && Files.isRegularFile(data);
        double overlap = stride == null ? 1 : Math.max(1, USUAL_BLOCK / stride);
        return isFile ? overlap * Files.size(data) / BYTES_PER_TOKEN : 0;
    }

    private DataFormat format(TrainedModel model) {
        return format == null ? model.format() : format;
    }

    /** Reads the text. */
    public ValidationSet read(TrainedModel model) throws IOException {
        ModelConfig config = model.model().config();
        int stride = stride(config.blockSize());
        int batchSize = Evaluator.windowsPerBatch(config);
        if (format(model) == DataFormat.DOCUMENTS) {
            return documents(model, batchSize, stride);
        }
        Tokens tokens = tokens(model.tokenizer());
        if (tokens.count() < 2) {
            throw new CliException(
                    ExitCode.CONTENT,
                    option() + " must be at least 2 tokens long, but is " + tokens.count()
                            + ": the first token has no context to be predicted from",
                    "give a longer text");
        }
        TextWindows set = new TextWindows(tokens, config.blockSize(), batchSize, model.tokenizer()).withStride(stride);
        windows = set.windows();
        texts = 1;
        return set;
    }

    private int stride(int blockSize) {
        if (stride != null && stride > blockSize) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--stride must be at most the block size of the model, " + blockSize + ", but is " + stride
                            + ": tokens between two windows would be left out",
                    null);
        }
        return stride == null ? blockSize : stride;
    }

    private Tokens tokens(Tokenizer tokenizer) throws IOException {
        if (data == null || !isPrepared(data)) {
            TextCorpus corpus = TextCorpus.read(source(), specials.applied(records.format()), 0, tokenizer);
            repairs = corpus.repairs();
            return corpus.training();
        }
        PreparedFiles.checkAbsent("--special-tokens", specials.isGiven());
        PreparedCorpus corpus = PreparedFiles.open(data);
        if (!corpus.tokenizer().equals(tokenizer)) {
            throw new CliException(
                    ExitCode.CONTENT,
                    option() + " has another tokenizer than the model: a vocabulary of "
                            + corpus.tokenizer().vocabSize() + " tokens, where the model has " + tokenizer.vocabSize(),
                    "prepare the text with the tokenizer of the model, or give the text itself");
        }
        Tokens validation = corpus.validation();
        return validation == null ? corpus.training() : validation;
    }

    private boolean isPrepared(Path data) throws IOException {
        return PreparedFiles.are(data) && records.isPrepared(data);
    }

    /** Returns the number of windows; 0 if each document or text is a single one. */
    public long windows() {
        return windows == texts ? 0 : windows;
    }

    /** Returns notes about the text: its files, and what was repaired while reading it. */
    public List<String> notes() {
        List<String> notes = new ArrayList<>(records.notes());
        if (!repairs.description().isEmpty()) {
            notes.add(option() + ": " + repairs.description());
        }
        return notes;
    }

    private ValidationSet documents(TrainedModel model, int batchSize, int stride) throws IOException {
        DocumentFiles.checkBos(model.tokenizer());
        Documents documents = text == null
                ? records.documents(data, specials)
                : Documents.read(source(), specials.applied(records.format()));
        repairs = documents.repairs();
        try {
            int blockSize = model.model().config().blockSize();
            DocumentWindows set = new DocumentWindows(
                    documents.texts(), documents.encoder(model.tokenizer()), batchSize, blockSize, stride);
            windows = set.windows();
            texts = documents.texts().size();
            return set;
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
        return records.source(data == null ? Path.of(StandardInput.NAME) : data);
    }

    private String option() {
        return text == null ? "--data " + data : "--text";
    }
}

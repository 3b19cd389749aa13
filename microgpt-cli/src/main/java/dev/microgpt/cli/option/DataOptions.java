package dev.microgpt.cli.option;

import dev.microgpt.cli.data.DocumentData;
import dev.microgpt.cli.data.DocumentFiles;
import dev.microgpt.cli.data.DocumentLength;
import dev.microgpt.cli.data.PreparedFiles;
import dev.microgpt.cli.data.TextData;
import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.TextCorpus;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the training data. */
public final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "FILE|DIR|-",
            converter = Converters.PathOrStandardInput.class,
            description =
                    "Training data: a UTF-8 text file, a folder of text files, a folder written by data prepare, or"
                            + " - for standard input (default: the bundled names).")
    private @Nullable Path data;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description =
                    "documents, one per line or record; or text, from which each step draws random crops (microgpt"
                            + " documents, nano text).")
    private @Nullable DataFormat format;

    @Mixin
    private RecordOptions records = new RecordOptions();

    @Mixin
    private SpecialTokensOption specials = new SpecialTokensOption();

    @Mixin
    private final TokenizerOption tokenizer = new TokenizerOption();

    @Range(atLeast = 0, below = 1)
    @Option(
            names = "--val-fraction",
            paramLabel = "X",
            description = "Fraction at the end of the data to hold out as the validation split (0, 0.1).")
    private @Nullable Double valFraction;

    /** Returns the options of a command that has {@code --data} and how to read it. */
    public static DataOptions of(@Nullable Path data, RecordOptions records, SpecialTokensOption specials) {
        DataOptions options = new DataOptions();
        options.data = data;
        options.records = records;
        options.specials = specials;
        return options;
    }

    public DataFormat format(DataFormat usual) {
        if (format != null) {
            return format;
        }
        return data == null ? DataFormat.DOCUMENTS : usual;
    }

    public boolean isGiven() {
        return data != null;
    }

    public boolean isFormatGiven() {
        return format != null;
    }

    /** Returns whether the tokenizer option, if it is given, names the tokenizer of a model. */
    public boolean agreesWith(Tokenizer known) throws IOException {
        if (!tokenizer.isGiven()) {
            return true;
        }
        Tokenizer named = tokenizer.read();
        return named == null ? known instanceof CharTokenizer : named.equals(known);
    }

    public double valFraction(double usual) {
        return valFraction == null ? usual : valFraction;
    }

    /** Returns the average number of tokens per sequence, estimated from the beginning of the data. */
    public double sequenceLength(DataFormat usual, int blockSize) {
        return format(usual) == DataFormat.TEXT ? blockSize : DocumentLength.mean(data, blockSize);
    }

    /**
     * Reads the data.
     *
     * @param usual       the format if the option is not given
     * @param valFraction the fraction to hold out
     * @param random      shuffles documents
     * @param known       the tokenizer of the model that is trained further, or null for a new model
     */
    public TrainingData read(DataFormat usual, double valFraction, PythonRandom random, @Nullable Tokenizer known)
            throws IOException {
        if (known != null && tokenizer.isGiven()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--tokenizer and --init-from cannot be used together: the model has its own tokenizer",
                    "leave out --tokenizer");
        }
        if (known != null && data == null && format == null && usual == DataFormat.TEXT) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--init-from with a model of text needs --data, but it is not given",
                    "name a text with --data");
        }
        return readAgain(usual, valFraction, random, known);
    }

    /** Reads the data of a run that is resumed, for which {@code --tokenizer} may repeat what the run started with. */
    public TrainingData readAgain(DataFormat usual, double valFraction, PythonRandom random, @Nullable Tokenizer known)
            throws IOException {
        if (format(usual) == DataFormat.DOCUMENTS) {
            Tokenizer used = known == null ? tokenizer.read() : known;
            if (used != null) {
                DocumentFiles.checkBos(used);
            }
            return new DocumentData(records.documents(data, specials), valFraction, random, used);
        }
        if (data == null) {
            throw new CliException(
                    ExitCode.USAGE, "--format text needs --data, but it is not given", "name a text with --data");
        }
        if (records.isPrepared(data)) {
            PreparedFiles.checkAbsent("--special-tokens", specials.isGiven());
            PreparedFiles.checkAbsent("--val-fraction", this.valFraction != null);
            PreparedFiles.checkAbsent("--tokenizer", tokenizer.isGiven());
            return TextData.prepared(PreparedFiles.open(data), known);
        }
        TextSource source = records.source(data);
        Tokenizer used = known == null ? tokenizer.read() : known;
        TextCorpus corpus = TextCorpus.read(source, specials.applied(records.format()), valFraction, used);
        return new TextData(corpus, valFraction, used);
    }

    /** Returns notes about the files that were read. */
    public List<String> notes() {
        return records.notes();
    }
}

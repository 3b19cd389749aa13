package dev.microgpt.cli.option;

import dev.microgpt.cli.data.DocumentData;
import dev.microgpt.cli.data.DocumentFiles;
import dev.microgpt.cli.data.DocumentLength;
import dev.microgpt.cli.data.StandardInput;
import dev.microgpt.cli.data.TextData;
import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.TextCorpus;
import dev.microgpt.train.data.TextSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what a model is trained on. */
public final class DataOptions {
    @Option(
            names = "--data",
            paramLabel = "FILE|DIR|-",
            description = "A UTF-8 text, a folder of *.txt, a folder that data prepare made, or - for standard input"
                    + " (default: the names that come with the program).")
    private @Nullable Path data;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "documents, one a line; or text, of which each step sees random crops (microgpt documents,"
                    + " nano text).")
    private @Nullable DataFormat format;

    @Mixin
    private final TokenizerOption tokenizer = new TokenizerOption();

    @Range(atLeast = 0, below = 1)
    @Option(
            names = "--val-fraction",
            paramLabel = "X",
            description = "Share at the end that is held back to measure the model (0, 0.1).")
    private @Nullable Double valFraction;

    public DataFormat format(DataFormat usual) {
        if (format != null) {
            return format;
        }
        return data == null ? DataFormat.DOCUMENTS : usual;
    }

    public boolean isFormatGiven() {
        return format != null;
    }

    /** Returns whether the tokenizer, if one is named, is the one of a model. */
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

    /** The tokens that a model sees of an average sequence, as far as it is worth finding out. */
    public double sequenceLength(DataFormat usual, int blockSize) {
        return format(usual) == DataFormat.TEXT ? blockSize : DocumentLength.mean(data, blockSize);
    }

    /**
     * Reads the data.
     *
     * @param usual       the format if no option says it
     * @param valFraction the share to hold back
     * @param random      shuffles documents
     * @param known       the tokenizer of the model that is trained on, or null for a new model
     */
    public TrainingData read(DataFormat usual, double valFraction, PythonRandom random, @Nullable Tokenizer known)
            throws IOException {
        if (known != null && tokenizer.isGiven()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "--tokenizer: found one beside --init-from, whose model has its own, expected one of the two",
                    "leave out --tokenizer");
        }
        return readAgain(usual, valFraction, random, known);
    }

    /** Reads the data of a run that goes on, of which {@code --tokenizer} may say once more what it was begun with. */
    public TrainingData readAgain(DataFormat usual, double valFraction, PythonRandom random, @Nullable Tokenizer known)
            throws IOException {
        if (format(usual) == DataFormat.DOCUMENTS) {
            Tokenizer used = known == null ? tokenizer.read() : known;
            if (used != null && used.bos() < 0) {
                throw new CliException(
                        ExitCode.CONTENT,
                        "--format documents: found a tokenizer without a special token, expected one that marks where a"
                                + " document begins",
                        "use --format text, or a tokenizer that has <|endoftext|>");
            }
            return new DocumentData(DocumentFiles.read(data), valFraction, random, used);
        }
        if (data == null) {
            throw new CliException(
                    ExitCode.USAGE, "--format text: found no --data, expected a text", "name one with --data");
        }
        if (Files.isDirectory(data) && Files.exists(data.resolve("train.bin"))) {
            checkNotPrepared("--val-fraction", this.valFraction != null);
            checkNotPrepared("--tokenizer", tokenizer.isGiven());
            return TextData.prepared(PreparedCorpus.open(data), known);
        }
        TextSource source = StandardInput.textOf(data);
        Tokenizer used = known == null ? tokenizer.read() : known;
        return new TextData(TextCorpus.read(source, valFraction, used), valFraction, used);
    }

    private static void checkNotPrepared(String option, boolean given) {
        if (given) {
            throw new CliException(
                    ExitCode.USAGE,
                    option + ": found a folder that was prepared already, expected a text",
                    "give it to data prepare instead");
        }
    }
}

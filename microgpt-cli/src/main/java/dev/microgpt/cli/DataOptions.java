package dev.microgpt.cli;

import dev.microgpt.model.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.DataFormat;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.TextCorpus;
import dev.microgpt.train.data.TextSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say what a model is trained on. */
final class DataOptions {
    private static final Path STANDARD_INPUT = Path.of("-");

    @Option(
            names = "--data",
            paramLabel = "FILE|DIR|-",
            converter = Converters.FilePath.class,
            description = "A UTF-8 text, a folder of *.txt, a folder that data prepare made, or - for standard input"
                    + " (default: the names that come with the program).")
    private @Nullable Path data;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            converter = Converters.FormatName.class,
            description = "documents, one a line; or text, of which each step sees random crops (microgpt documents,"
                    + " nano text).")
    private @Nullable DataFormat format;

    @Option(
            names = "--val-fraction",
            paramLabel = "X",
            converter = Converters.Fraction.class,
            description = "Share at the end that is held back to measure the model (0, 0.1).")
    private @Nullable Double valFraction;

    DataFormat format(DataFormat usual) {
        if (format != null) {
            return format;
        }
        return data == null ? DataFormat.DOCUMENTS : usual;
    }

    double valFraction(double usual) {
        return valFraction == null ? usual : valFraction;
    }

    /** The tokens that a model sees of an average sequence, as far as it is worth finding out. */
    double sequenceLength(DataFormat usual, int blockSize) {
        return format(usual) == DataFormat.TEXT ? blockSize : DocumentLength.mean(data, blockSize);
    }

    /**
     * Reads the data.
     *
     * @param usual       the format if no option says it
     * @param valFraction the share to hold back
     * @param random      shuffles documents
     * @param tokenizer   what the model knows already, or null for a vocabulary of this data
     */
    TrainingData read(DataFormat usual, double valFraction, PythonRandom random, @Nullable CharTokenizer tokenizer)
            throws IOException {
        if (format(usual) == DataFormat.DOCUMENTS) {
            return new DocumentData(DocumentFiles.read(data), valFraction, random, tokenizer);
        }
        if (data == null) {
            throw new CliException(
                    ExitCode.USAGE, "--format text: found no --data, expected a text", "name one with --data");
        }
        if (Files.isDirectory(data) && Files.exists(data.resolve("train.bin"))) {
            if (this.valFraction != null) {
                throw new CliException(
                        ExitCode.USAGE,
                        "--val-fraction: found a folder that was split already, expected a text",
                        "give it to data prepare instead");
            }
            return TextData.prepared(PreparedCorpus.open(data), tokenizer);
        }
        TextSource source = data.equals(STANDARD_INPUT) ? TextSource.of(System.in, "-") : TextSource.of(data);
        return new TextData(TextCorpus.read(source, valFraction, tokenizer), valFraction, tokenizer);
    }
}

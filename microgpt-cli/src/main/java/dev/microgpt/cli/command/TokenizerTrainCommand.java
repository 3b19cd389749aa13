package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.option.OutputFile;
import dev.microgpt.cli.option.Overwrite;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.option.RecordOptions;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.train.data.BpeTraining;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.internal.disk.NewFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code microgpt tokenizer train}: trains a byte-level BPE tokenizer. */
@CommandLine.Command(
        description = "Train a byte-level BPE tokenizer, like GPT-2's, on text in any language. The result is a"
                + " tokenizer.json in the format of Hugging Face's tokenizers, which train and data prepare"
                + " read with --tokenizer.")
public final class TokenizerTrainCommand implements Command {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE|DIR|-",
            converter = Converters.PathOrStandardInput.class,
            description = "Text to train on: a UTF-8 file, a folder of text files, or - for standard input.")
    private Path data = Path.of("");

    @Mixin
    private final RecordOptions records = new RecordOptions();

    @Range(atLeast = 257)
    @Option(
            names = "--vocab-size",
            required = true,
            paramLabel = "N",
            description =
                    "Vocabulary size: 256 bytes, a token for the beginning of a document, and the tokens to learn.")
    private int vocabSize;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File to write (default ${DEFAULT-VALUE}); its folder is created if missing.")
    private Path out = Path.of("tokenizer.json");

    @Mixin
    private final Overwrite overwrite = new Overwrite();

    @Override
    public void run(Terminal terminal) throws IOException {
        checkReplaceable();
        OutputFile.checkInNewFolder("--out", out);
        BpeTokenizer tokenizer = BpeTraining.train(records.source(data), records.format(), vocabSize);
        terminal.sayNotes(records.notes());
        try {
            NewFolders.with(out.toAbsolutePath().getParent(), () -> {
                TokenizerFile.write(out, tokenizer);
                return out;
            });
        } catch (IllegalArgumentException tooLarge) {
            throw new CliException(ExitCode.CONTENT, "--out " + out + ": " + tooLarge.getMessage(), null);
        }
        terminal.say("wrote " + out);
        terminal.print("vocab size: " + tokenizer.vocabSize());
        if (tokenizer.vocabSize() < vocabSize) {
            terminal.say(
                    "note: --vocab-size is " + vocabSize + ", but no more pairs of tokens occur twice in the text");
        }
    }

    /** Replaces only a tokenizer, and only on request. */
    private void checkReplaceable() throws IOException {
        if (Files.exists(out) && !isTokenizer()) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "--out " + out + " already exists and is not a tokenizer",
                    "choose another --out");
        }
        overwrite.check(out);
    }

    private boolean isTokenizer() throws IOException {
        if (!Files.isRegularFile(out)) {
            return false;
        }
        try {
            TokenizerFile.read(out);
            return true;
        } catch (DataException other) {
            return false;
        }
    }
}

package dev.microgpt.cli.command;

import dev.microgpt.cli.data.StandardInput;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.train.data.BpeTraining;
import dev.microgpt.train.data.DataException;
import dev.microgpt.train.data.TextSource;
import dev.microgpt.train.data.TokenizerFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code microgpt tokenizer train}: learns byte-level BPE. */
@CommandLine.Command(
        description = "Learn a byte-level BPE tokenizer, as GPT-2's, from a text in any language. The file is a"
                + " tokenizer.json as Hugging Face's tokenizers read and write it; train and data prepare take it with"
                + " --tokenizer.")
public final class TokenizerTrainCommand implements Command {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE|DIR|-",
            description = "A UTF-8 text, a folder of *.txt, or standard input.")
    private @Nullable Path data;

    @Range(atLeast = 257)
    @Option(
            names = "--vocab-size",
            required = true,
            paramLabel = "N",
            description = "How many tokens: 256 bytes, one for the beginning of a document, and what is learnt.")
    private int vocabSize;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The file to write (default ${DEFAULT-VALUE}); folders above it are made.")
    private Path out = Path.of("tokenizer.json");

    @Option(names = "--overwrite", description = "Replace the tokenizer in that file.")
    private boolean overwrite;

    @Override
    public void run(Terminal terminal) throws IOException {
        checkReplaceable();
        BpeTokenizer tokenizer = BpeTraining.train(source(), vocabSize);
        Path above = out.toAbsolutePath().getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        TokenizerFile.write(out, tokenizer);
        terminal.say("wrote " + out);
        terminal.print("vocab size: " + tokenizer.vocabSize());
        if (tokenizer.vocabSize() < vocabSize) {
            terminal.say("no more of its pairs occur twice in the text");
        }
    }

    private TextSource source() throws IOException {
        if (data == null) {
            throw new IllegalStateException("--data is required, so the parser must have set it");
        }
        return StandardInput.textOf(data);
    }

    /** Nothing but a tokenizer is replaced, and that only on request. */
    private void checkReplaceable() throws IOException {
        if (!Files.exists(out)) {
            return;
        }
        boolean isTokenizer = isTokenizer();
        if (!isTokenizer || !overwrite) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "--out " + out + ": found " + (isTokenizer ? "another tokenizer" : "something else")
                            + " there, expected no file",
                    isTokenizer ? "choose another --out, or give --overwrite to replace it" : "choose another --out");
        }
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

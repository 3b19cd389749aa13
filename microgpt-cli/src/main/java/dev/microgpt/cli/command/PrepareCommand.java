package dev.microgpt.cli.command;

import dev.microgpt.cli.data.DocumentData;
import dev.microgpt.cli.data.StandardInput;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.option.TokenizerOption;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.TextSource;
import dev.microgpt.train.data.Tokens;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code microgpt data prepare}: a text becomes token files. */
@CommandLine.Command(
        description = "Encode one long text into files as nanoGPT writes them: train.bin,"
                + " val.bin, and tokenizer.json beside them. The text may be larger than the memory.")
public final class PrepareCommand implements Command {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE|DIR|-",
            description =
                    "A UTF-8 text, a folder whose *.txt files are one text in the order of their names, or standard"
                            + " input.")
    private @Nullable Path data;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the files, made if missing.")
    private @Nullable Path out;

    @Mixin
    private final TokenizerOption tokenizer = new TokenizerOption();

    @Range(atLeast = 0, below = 1)
    @Option(
            names = "--val-fraction",
            paramLabel = "X",
            description = "How much at the end of the text to hold back in val.bin (default ${DEFAULT-VALUE}).")
    private double valFraction = 0.1;

    @Option(names = "--overwrite", description = "Replace such files in that folder.")
    private boolean overwrite;

    @Override
    public void run(Terminal terminal) throws IOException {
        Path folder = given(out);
        PreparedCorpus corpus = prepare(source(given(data)), folder);
        for (String note : DocumentData.notes(corpus.repairs(), corpus.tokenizer())) {
            terminal.say("note: " + note);
        }
        terminal.say("wrote " + folder);
        Tokens validation = corpus.validation();
        long training = corpus.training().count();
        long held = validation == null ? 0 : validation.count();
        terminal.print("vocab size: " + corpus.tokenizer().vocabSize());
        terminal.print("training tokens: " + training);
        terminal.print("validation tokens: " + held);
    }

    private PreparedCorpus prepare(TextSource text, Path folder) throws IOException {
        try {
            return PreparedCorpus.prepare(text, folder, valFraction, overwrite, tokenizer.read());
        } catch (FileAlreadyExistsException other) {
            Path file = Path.of(other.getFile());
            if (!folder.equals(file.getParent())) {
                throw other; // a file in the place of a folder
            }
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "--out " + folder + ": found another " + file.getFileName() + ", expected a folder without one",
                    "choose another --out, or give --overwrite to replace it");
        }
    }

    private static TextSource source(Path data) throws IOException {
        return StandardInput.textOf(data);
    }

    private static Path given(@Nullable Path option) {
        if (option == null) {
            throw new IllegalStateException("--data and --out are required, so the parser must have set them");
        }
        return option;
    }
}

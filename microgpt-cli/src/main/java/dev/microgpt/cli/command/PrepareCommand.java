package dev.microgpt.cli.command;

import dev.microgpt.cli.data.DocumentData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.Converters;
import dev.microgpt.cli.option.Overwrite;
import dev.microgpt.cli.option.Range;
import dev.microgpt.cli.option.RecordOptions;
import dev.microgpt.cli.option.SpecialTokensOption;
import dev.microgpt.cli.option.TokenizerOption;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.data.PreparedCorpus;
import dev.microgpt.train.data.Tokens;
import dev.microgpt.train.data.read.TextSource;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code microgpt data prepare}: encodes a text into token files. */
@CommandLine.Command(
        description =
                "Encode a text into token files in nanoGPT's format: train.bin, val.bin and tokenizer.json. The text"
                        + " may be larger than memory.")
public final class PrepareCommand implements Command {
    @Option(
            names = "--data",
            required = true,
            paramLabel = "FILE|DIR|-",
            converter = Converters.PathOrStandardInput.class,
            description =
                    "A UTF-8 text file, a folder whose text files are one text in the order of their paths, or - for"
                            + " standard input.")
    private Path data = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder for the files, created if missing.")
    private Path out = Path.of("");

    @Mixin
    private final RecordOptions records = new RecordOptions();

    @Mixin
    private final SpecialTokensOption specials = new SpecialTokensOption();

    @Mixin
    private final TokenizerOption tokenizer = new TokenizerOption();

    @Range(atLeast = 0, below = 1)
    @Option(
            names = "--val-fraction",
            paramLabel = "X",
            description = "Fraction at the end of the text to hold out in val.bin (default ${DEFAULT-VALUE}).")
    private double valFraction = 0.1;

    @Mixin
    private final Overwrite overwrite = new Overwrite();

    @Override
    public void run(Terminal terminal) throws IOException {
        if (overwrite.isGiven()) {
            checkData();
        }
        PreparedCorpus corpus = prepare(records.source(data));
        terminal.sayNotes(records.notes());
        terminal.sayNotes(DocumentData.notes(corpus.repairs(), corpus.tokenizer()));
        terminal.say("wrote " + out);
        Tokens validation = corpus.validation();
        long training = corpus.training().count();
        long heldOut = validation == null ? 0 : validation.count();
        terminal.print("vocab size: " + corpus.tokenizer().vocabSize());
        terminal.print("training tokens: " + training);
        terminal.print("validation tokens: " + heldOut);
    }

    /** Refuses to encode a file into itself. */
    private void checkData() throws IOException {
        for (String name : new String[] {"train.bin", "val.bin", "tokenizer.json"}) {
            Path file = out.resolve(name);
            if (Files.exists(data) && Files.exists(file) && Files.isSameFile(data, file)) {
                throw refusal("--data " + data + " is a file that --out " + out + " would replace");
            }
        }
    }

    private static CliException refusal(String message) {
        return new CliException(ExitCode.FOLDER_IN_USE, message, "choose another --out");
    }

    private PreparedCorpus prepare(TextSource text) throws IOException {
        try {
            return PreparedCorpus.prepare(
                    text, specials.applied(records.format()), out, valFraction, overwrite.isGiven(), tokenizer.read());
        } catch (FileAlreadyExistsException other) {
            Path file = Path.of(other.getFile());
            if (other.getReason() == null || !out.equals(file.getParent())) {
                throw other; // a file in place of a folder
            }
            String message = file + " " + other.getReason();
            throw overwrite.isGiven() ? refusal("--out " + message) : overwrite.refusal(message);
        }
    }
}

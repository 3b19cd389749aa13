package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.option.OutputFile;
import dev.microgpt.cli.option.Overwrite;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.internal.disk.NewFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code microgpt import gpt2}: imports a model from a folder of Hugging Face's transformers. */
@CommandLine.Command(
        description =
                "Import a GPT-2 in the format of Hugging Face's transformers: config.json, model.safetensors in F64,"
                        + " F32, F16 or BF16, and the tokenizer. sample, eval and train --init-from read the result.")
public final class ImportGpt2Command implements Command {
    // the number of added tokens in a note
    private static final int LISTED = 8;

    @Parameters(index = "0", paramLabel = "DIR", description = "Folder of the model.")
    private Path folder = Path.of("");

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "File to write; its folder is created if missing.")
    private Path out = Path.of("");

    @Option(
            names = "--tokenizer",
            paramLabel = "byte|FILE",
            description = "byte: one token per byte; FILE: a tokenizer.json; instead of the tokenizer in DIR.")
    private @Nullable Path tokenizer;

    @Mixin
    private final Overwrite overwrite = new Overwrite();

    @Override
    public void run(Terminal terminal) throws IOException {
        if (!Files.isDirectory(folder)) {
            String path = folder.toAbsolutePath().normalize().toString();
            throw new CliException(
                    ExitCode.IO,
                    "import gpt2 " + path + (Files.exists(folder) ? " is not a folder" : ": no such folder"),
                    "name the folder that contains config.json and model.safetensors");
        }
        if (Files.isDirectory(out)) {
            throw new CliException(
                    ExitCode.IO,
                    "--out " + out + " must be a file, but is a folder",
                    "name a file in it: --out " + out.resolve("model.safetensors"));
        }
        OutputFile.checkInNewFolder("--out", out);
        overwrite.check(out);
        checkMemory(Gpt2Folder.readConfig(folder));
        TrainedModel model = Gpt2Folder.read(folder, readTokenizer());
        try {
            NewFolders.with(out.toAbsolutePath().getParent(), () -> {
                model.save(out);
                return out;
            });
        } catch (IllegalArgumentException tooLarge) {
            throw new CliException(ExitCode.CONTENT, "--out " + out + ": " + tooLarge.getMessage(), null);
        }
        terminal.say("wrote " + out);
        noteAddedTokens(terminal, model.tokenizer());
        terminal.print("num params: " + model.model().parameters().count());
        terminal.print("vocab size: " + model.model().config().vocabSize());
        terminal.print("tokens: " + model.tokenizer().vocabSize());
        terminal.print("block size: " + model.model().config().blockSize());
    }

    /** In transformers, these tokens result from text that contains them. */
    private static void noteAddedTokens(Terminal terminal, Tokenizer tokenizer) {
        StringJoiner added = new StringJoiner(", ");
        int count = 0;
        if (tokenizer instanceof BpeTokenizer bpe) {
            for (String token : bpe.vocabulary().specialTokens().keySet()) {
                if (bpe.vocabulary().specialToken(token) != bpe.bos() && ++count <= LISTED) {
                    added.add(Format.visible(token));
                }
            }
        }
        if (count > 0) {
            terminal.say("note: text is never encoded as an added token here, unlike in transformers; this model has "
                    + count + " other than BOS: " + added + (count > LISTED ? ", …" : ""));
        }
    }

    /** Refuses weights that do not fit in memory, before they are read. */
    private static void checkMemory(GptConfig config) {
        double bytes = config.parameterCount() * Double.BYTES;
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap) {
            throw CliException.outOfMemory("the model does not fit in memory: its weights take "
                    + Format.fixed(bytes / (1 << 20), 0) + " MB, but the heap is limited to " + (heap >> 20) + " MB");
        }
    }

    private @Nullable Tokenizer readTokenizer() throws IOException {
        if (tokenizer == null) {
            return null;
        }
        return tokenizer.toString().equals("byte") ? new ByteTokenizer() : TokenizerFile.read(tokenizer);
    }
}

package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.data.TokenizerFile;
import dev.microgpt.train.huggingface.Gpt2Folder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code microgpt import gpt2}: a folder of Hugging Face's becomes a file that sample and train --init-from read. */
@CommandLine.Command(
        description =
                "Read a GPT-2 as Hugging Face's transformers stores one: config.json, model.safetensors in F64, F32,"
                        + " F16 or BF16, and the tokenizer. sample, eval and train --init-from read what is written.")
public final class ImportGpt2Command implements Command {
    @Parameters(index = "0", paramLabel = "DIR", description = "The folder of the model.")
    private @Nullable Path folder;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "FILE",
            description = "Where to write the model; folders above it are made.")
    private @Nullable Path out;

    @Option(
            names = "--tokenizer",
            paramLabel = "byte|FILE",
            description = "A token for each byte, or those of a tokenizer.json, in place of the tokenizer in DIR.")
    private @Nullable Path tokenizer;

    @Option(names = "--overwrite", description = "Replace another file of that name.")
    private boolean overwrite;

    @Override
    public void run(Terminal terminal) throws IOException {
        Path from = given(folder);
        Path file = given(out);
        if (!Files.isDirectory(from)) {
            String path = from.toAbsolutePath().normalize().toString();
            throw new CliException(
                    ExitCode.IO,
                    "import gpt2 " + path + (Files.exists(from) ? ": is not a folder" : ": no such folder"),
                    "name the folder that holds config.json and model.safetensors");
        }
        checkFree(file);
        checkMemory(Gpt2Folder.readConfig(from));
        TrainedModel model = Gpt2Folder.read(from, readTokenizer());
        Path above = file.toAbsolutePath().getParent();
        if (above != null) {
            Files.createDirectories(above);
        }
        model.save(file);
        terminal.say("wrote " + file);
        terminal.print("num params: " + model.gpt().parameters().count());
        terminal.print("vocab size: " + model.gpt().config().vocabSize());
        terminal.print("tokens: " + model.tokenizer().vocabSize());
        terminal.print("block size: " + model.gpt().config().blockSize());
    }

    private void checkFree(Path file) {
        if (Files.isDirectory(file)) {
            throw new CliException(
                    ExitCode.IO,
                    "--out " + file + ": found a folder, expected the name of a file",
                    "name a file in it: --out " + file.resolve("model.safetensors"));
        }
        if (Files.exists(file) && !overwrite) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "--out " + file + ": found another file, expected none",
                    "choose another --out, or give --overwrite to replace it");
        }
    }

    /** The weights alone; found out before they are read. */
    private static void checkMemory(GptConfig config) {
        double bytes = config.parameterCount() * Double.BYTES;
        long heap = Runtime.getRuntime().maxMemory();
        if (bytes > heap) {
            throw new CliException(
                    ExitCode.MEMORY,
                    "the model does not fit the memory: its weights take " + Format.fixed(bytes / (1 << 20), 0)
                            + " MB, the heap is limited to " + (heap >> 20) + " MB",
                    "give the JVM more, as in java -Xmx8g -jar microgpt.jar");
        }
    }

    private @Nullable Tokenizer readTokenizer() throws IOException {
        if (tokenizer == null) {
            return null;
        }
        return tokenizer.toString().equals("byte") ? new ByteTokenizer() : TokenizerFile.read(tokenizer);
    }

    private static Path given(@Nullable Path argument) {
        if (argument == null) {
            throw new IllegalStateException("DIR and --out are required, so the parser must have set them");
        }
        return argument;
    }
}

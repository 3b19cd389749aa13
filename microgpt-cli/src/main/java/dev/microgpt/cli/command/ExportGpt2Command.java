package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.TrainedModel;
import dev.microgpt.train.huggingface.Gpt2Folder;
import dev.microgpt.train.safetensors.NumberType;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code microgpt export gpt2}: a model becomes a folder that Hugging Face's transformers loads. */
@CommandLine.Command(
        description =
                "Write a model as Hugging Face's transformers stores a GPT-2: from_pretrained(\"DIR\") loads it and"
                        + " its tokenizer. It must have layer norm, as with --preset nano or gpt2.")
public final class ExportGpt2Command implements Command {
    @Parameters(
            index = "0",
            paramLabel = "CHECKPOINT",
            description = "What train saved or import wrote, or the folder of a run.")
    private @Nullable Path checkpoint;

    @Parameters(index = "1", paramLabel = "DIR", description = "The folder to make.")
    private @Nullable Path folder;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description = "float32, to which weights are rounded, or float64, which loses nothing (default float32).")
    private Precision precision = Precision.FLOAT32;

    @Option(
            names = "--overwrite",
            description = "Replace the folder as a whole, if it holds the files of a model and no folders.")
    private boolean overwrite;

    /** The number type of exported weights, by PyTorch's names. */
    private enum Precision {
        FLOAT32(NumberType.F32),
        FLOAT64(NumberType.F64);

        private final NumberType type;

        Precision(NumberType type) {
            this.type = type;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public void run(Terminal terminal) throws IOException {
        Path from = given(checkpoint);
        Path to = given(folder);
        TrainedModel model = RunFolder.read("export gpt2", from, TrainedModel::load);
        try {
            Gpt2Folder.write(to, model, precision.type, overwrite);
        } catch (FileAlreadyExistsException taken) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "export gpt2 " + to + ": the folder " + taken.getReason() + ", expected a new or an empty one",
                    overwrite
                            ? "choose another folder"
                            : "choose another folder, or give --overwrite to replace a model's folder as a whole");
        } catch (IllegalArgumentException inexpressible) {
            throw new CliException(ExitCode.CONTENT, "export gpt2 " + from + ": " + inexpressible.getMessage(), null);
        }
        terminal.say("wrote " + to);
        terminal.print("num params: " + model.gpt().parameters().count());
        terminal.print("dtype: " + precision);
    }

    private static Path given(@Nullable Path argument) {
        if (argument == null) {
            throw new IllegalStateException("CHECKPOINT and DIR are required, so the parser must have set them");
        }
        return argument;
    }
}

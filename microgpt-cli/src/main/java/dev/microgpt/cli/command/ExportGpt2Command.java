package dev.microgpt.cli.command;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.option.CheckpointOption;
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

/** {@code microgpt export gpt2}: exports a model to a folder of Hugging Face's transformers. */
@CommandLine.Command(
        description =
                "Export a model in the format of Hugging Face's transformers: from_pretrained(\"DIR\") loads it and"
                        + " its tokenizer. The model must have the layer norm of GPT-2, as with --preset nano or gpt2.")
public final class ExportGpt2Command implements Command {
    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "CHECKPOINT",
            description = "Checkpoint file, or the folder that contains it; left out with --checkpoint.")
    private @Nullable Path first;

    @Parameters(index = "1", arity = "0..1", paramLabel = "DIR", description = "Folder to create.")
    private @Nullable Path second;

    @Option(names = "--checkpoint", paramLabel = "FILE|DIR", description = "The checkpoint, instead of CHECKPOINT.")
    private @Nullable Path named;

    @Option(
            names = "--dtype",
            paramLabel = "TYPE",
            description =
                    "Number type of the weights: float32 rounds them, float64 is exact (default ${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    @Option(
            names = "--overwrite",
            description = "Replace an exported model as a whole. A folder with any other file is never replaced.")
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
        if (named != null && second != null) {
            throw CheckpointOption.givenTwice();
        }
        Path checkpoint = given(named == null ? first : named, "CHECKPOINT");
        Path folder = given(named == null ? second : first, "DIR");
        export(checkpoint, folder, terminal);
    }

    private static Path given(@Nullable Path argument, String name) {
        if (argument == null) {
            throw new CliException(
                    ExitCode.USAGE,
                    name + " is missing, but the arguments must be CHECKPOINT DIR",
                    "microgpt export gpt2 --help lists the options");
        }
        return argument;
    }

    private void export(Path checkpoint, Path folder, Terminal terminal) throws IOException {
        TrainedModel model = RunFolder.read("export gpt2", checkpoint, TrainedModel::load);
        try {
            Gpt2Folder.write(folder, model, precision.type, overwrite);
        } catch (FileAlreadyExistsException taken) {
            String allowed = overwrite ? "new, empty or an exported model" : "new or empty";
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "export gpt2 " + folder + ": the folder must be " + allowed + ", but " + taken.getReason(),
                    overwrite
                            ? "move these files, or choose another folder"
                            : "choose another folder, or give --overwrite to replace an exported model as a whole");
        } catch (IllegalArgumentException inexpressible) {
            throw new CliException(
                    ExitCode.CONTENT, "export gpt2 " + checkpoint + ": " + inexpressible.getMessage(), null);
        }
        terminal.say("wrote " + folder);
        terminal.print("num params: " + model.model().parameters().count());
        terminal.print("dtype: " + precision);
    }
}

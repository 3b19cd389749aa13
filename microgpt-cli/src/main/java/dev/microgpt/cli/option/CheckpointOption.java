package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --checkpoint} of commands that read a model. */
public final class CheckpointOption {
    @Option(
            names = "--checkpoint",
            paramLabel = "FILE|DIR",
            description = "Checkpoint file, or the folder that contains it (default ${DEFAULT-VALUE}).")
    private Path checkpoint = RunOptions.USUAL_FOLDER;

    /** Reads the checkpoint, or a part of it. */
    public <T> T read(RunFolder.Reading<T> reading) throws IOException {
        return RunFolder.read("--checkpoint", checkpoint, reading);
    }

    /** Returns the refusal of a checkpoint whose weights cannot be used. */
    public CliException broken(IllegalArgumentException cause) {
        return new CliException(ExitCode.CONTENT, "--checkpoint " + checkpoint + ": " + cause.getMessage(), null);
    }

    @Override
    public String toString() {
        return "--checkpoint " + checkpoint;
    }
}

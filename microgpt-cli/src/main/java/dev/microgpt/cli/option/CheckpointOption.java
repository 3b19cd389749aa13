package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The checkpoint of commands that read a model, given with {@code --checkpoint} or without. */
public final class CheckpointOption {
    private static final String NAME = "--checkpoint";

    @Option(
            names = NAME,
            paramLabel = "FILE|DIR",
            description = "Checkpoint file, or the folder that contains it (default out).")
    private @Nullable Path checkpoint;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "CHECKPOINT",
            description = "The checkpoint, without --checkpoint.")
    private @Nullable Path argument;

    /** Reads the checkpoint, or a part of it. */
    public <T> T read(RunFolder.Reading<T> reading) throws IOException {
        if (checkpoint != null && argument != null) {
            throw givenTwice();
        }
        return RunFolder.read(argument == null ? NAME : "checkpoint", path(), reading);
    }

    /** Returns the refusal of a checkpoint that is given both with the option and without. */
    public static CliException givenTwice() {
        return new CliException(
                ExitCode.USAGE,
                NAME + " and CHECKPOINT cannot be used together",
                "name one checkpoint, with or without " + NAME);
    }

    /** Returns the refusal of a checkpoint whose weights cannot be used. */
    public CliException broken(IllegalArgumentException cause) {
        return new CliException(ExitCode.CONTENT, this + ": " + cause.getMessage(), null);
    }

    /** Returns the file or folder. */
    public Path path() {
        Path given = checkpoint == null ? argument : checkpoint;
        return given == null ? RunOptions.USUAL_FOLDER : given;
    }

    @Override
    public String toString() {
        return NAME + " " + path();
    }
}

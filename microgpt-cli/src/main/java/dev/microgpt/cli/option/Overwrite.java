package dev.microgpt.cli.option;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --overwrite} of commands that write what {@code --out} names. */
public final class Overwrite {
    @Option(names = "--overwrite", description = "Replace an existing result.")
    private boolean given;

    public boolean isGiven() {
        return given;
    }

    /** Refuses to replace a file, unless the option allows it. */
    public void check(Path file) {
        if (!given && Files.exists(file)) {
            throw refusal(file + " already exists");
        }
    }

    /** Returns the refusal to replace what exists. */
    public CliException refusal(String existing) {
        return new CliException(
                ExitCode.FOLDER_IN_USE, "--out " + existing, "choose another --out, or give --overwrite to replace it");
    }
}

package dev.microgpt.cli;

import picocli.CommandLine;

/** {@code microgpt data}: the commands that make training data; does nothing by itself. */
@CommandLine.Command(
        name = "data",
        synopsisSubcommandLabel = "COMMAND",
        description = "Make training data. microgpt data COMMAND --help says more.",
        subcommands = PrepareCommand.class)
final class DataCommand {}

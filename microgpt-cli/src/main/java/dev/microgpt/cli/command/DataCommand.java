package dev.microgpt.cli.command;

import picocli.CommandLine;

/** {@code microgpt data}: the commands that get or make training data; does nothing by itself. */
@CommandLine.Command(
        name = "data",
        synopsisSubcommandLabel = "COMMAND",
        description = "Get or make training data. microgpt data COMMAND --help says more.",
        subcommands = {PrepareCommand.class, FetchCommand.class})
public final class DataCommand {}

package dev.microgpt.cli.command;

import picocli.CommandLine;

/** {@code microgpt import}: the commands that take models of other programs; does nothing by itself. */
@CommandLine.Command(
        name = "import",
        synopsisSubcommandLabel = "COMMAND",
        description = "Take a model of another program. microgpt import COMMAND --help says more.",
        subcommands = ImportGpt2Command.class)
public final class ImportCommand {}

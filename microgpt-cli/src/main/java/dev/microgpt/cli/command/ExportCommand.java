package dev.microgpt.cli.command;

import picocli.CommandLine;

/** {@code microgpt export}: the commands that give models to other programs; does nothing by itself. */
@CommandLine.Command(
        name = "export",
        synopsisSubcommandLabel = "COMMAND",
        description = "Give a model to another program. microgpt export COMMAND --help says more.",
        subcommands = ExportGpt2Command.class)
public final class ExportCommand {}

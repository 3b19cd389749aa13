package dev.microgpt.cli.command;

import picocli.CommandLine;

/** {@code microgpt tokenizer}: the commands that make tokenizers; does nothing by itself. */
@CommandLine.Command(
        name = "tokenizer",
        synopsisSubcommandLabel = "COMMAND",
        description = "Make a tokenizer. microgpt tokenizer COMMAND --help says more.",
        subcommands = TokenizerTrainCommand.class)
public final class TokenizerCommand {}

/**
 * The command-line program: the only code that prints and that ends the process.
 *
 * <p>Start at {@link dev.microgpt.cli.Main} and {@link dev.microgpt.cli.CommandLines}, which turn a command line into a
 * {@link dev.microgpt.cli.command.Command}. {@link dev.microgpt.cli.command.TrainCommand} is the largest: read it with {@link
 * dev.microgpt.cli.option.Preset}, its defaults, and {@link dev.microgpt.cli.run.TrainingRun}, the run itself. {@link
 * dev.microgpt.cli.failure.Failures} turns exceptions into messages and exit codes, {@link dev.microgpt.cli.jvm.Launcher} starts
 * the second JVM, and {@link dev.microgpt.cli.terminal.Terminal} is where all output goes.
 */
@NullMarked
package dev.microgpt.cli;

import org.jspecify.annotations.NullMarked;

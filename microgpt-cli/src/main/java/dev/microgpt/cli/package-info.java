/**
 * The command line: the only place that prints and that ends the process.
 *
 * <p>The entry point is {@link dev.microgpt.cli.Main}. Read on in this order: {@link dev.microgpt.cli.command.TrainCommand} with
 * {@link dev.microgpt.cli.option.Preset} and {@link dev.microgpt.cli.run.TrainingRun} (what {@code microgpt train} does),
 * {@link dev.microgpt.cli.command.SampleCommand}, {@link dev.microgpt.cli.command.InfoCommand}, {@link dev.microgpt.cli.command.PrepareCommand},
 * {@link dev.microgpt.cli.failure.Failures} (from an exception to a message and an exit code),
 * {@link dev.microgpt.cli.jvm.Launcher} (the second JVM), {@link dev.microgpt.cli.terminal.Terminal}.
 */
@NullMarked
package dev.microgpt.cli;

import org.jspecify.annotations.NullMarked;

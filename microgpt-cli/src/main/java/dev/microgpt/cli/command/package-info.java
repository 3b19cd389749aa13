/**
 * The commands, one class each: their options, and what they print.
 *
 * <p>Every class implements {@link dev.microgpt.cli.command.Command} and stands in the table of
 * {@code dev.microgpt.cli.Commands}. Read {@link dev.microgpt.cli.command.InfoCommand} for the shape of a command, then
 * {@link dev.microgpt.cli.command.SampleCommand}, then {@link dev.microgpt.cli.command.TrainCommand}.
 */
@NullMarked
package dev.microgpt.cli.command;

import org.jspecify.annotations.NullMarked;

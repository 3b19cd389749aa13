/**
 * The program {@code microgpt}: reads a command line, runs the command, and ends the process.
 *
 * <p>The entry point is {@link dev.microgpt.cli.Main}. Read on with {@link dev.microgpt.cli.Commands}, the table of all
 * commands and the one way to run them, and {@link dev.microgpt.cli.CommandLines}, which parses the options; then with
 * the packages, each of which uses only those after it: {@link dev.microgpt.cli.command}, {@link dev.microgpt.cli.run},
 * {@link dev.microgpt.cli.option}, the files and processes of a run ({@link dev.microgpt.cli.data},
 * {@link dev.microgpt.cli.folder}, {@link dev.microgpt.cli.fetch}, {@link dev.microgpt.cli.metrics},
 * {@link dev.microgpt.cli.jvm}), {@link dev.microgpt.cli.failure}, and {@link dev.microgpt.cli.terminal}.
 */
@NullMarked
package dev.microgpt.cli;

import org.jspecify.annotations.NullMarked;

/**
 * Errors: {@link dev.microgpt.cli.failure.Failures} turns an exception into a message and an
 * {@link dev.microgpt.cli.failure.ExitCode}.
 *
 * <p>Commands throw {@link dev.microgpt.cli.failure.CliException} for what the user can fix;
 * {@link dev.microgpt.cli.failure.Suggestions} finds what a misspelled name meant.
 */
@NullMarked
package dev.microgpt.cli.failure;

import org.jspecify.annotations.NullMarked;

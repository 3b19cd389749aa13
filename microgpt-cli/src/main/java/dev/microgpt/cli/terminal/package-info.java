/**
 * Output to the terminal: results, messages, progress and the log.
 *
 * <p>Start at {@link dev.microgpt.cli.terminal.Terminal}, to which everything is written. Then read
 * {@link dev.microgpt.cli.terminal.ProgressLine} and {@link dev.microgpt.cli.terminal.Progress}, which use a
 * {@link dev.microgpt.cli.terminal.StatusArea}; {@link dev.microgpt.cli.terminal.Format} formats numbers.
 */
@NullMarked
package dev.microgpt.cli.terminal;

import org.jspecify.annotations.NullMarked;

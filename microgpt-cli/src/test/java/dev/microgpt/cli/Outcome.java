package dev.microgpt.cli;

import java.util.List;

/**
 * What came of a command.
 *
 * @param exitCode what it ended with
 * @param out      standard output
 * @param err      standard error
 * @param changes  what it created, changed or removed in its folder
 * @param seconds  how long it took
 */
record Outcome(int exitCode, String out, String err, List<String> changes, double seconds) {}

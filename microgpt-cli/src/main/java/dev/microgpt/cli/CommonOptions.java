package dev.microgpt.cli;

import picocli.CommandLine.Option;

/** The options that every command has. */
final class CommonOptions {
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Print this help.")
    boolean help;

    @Option(names = "--version", description = "Print version, kernels and Java version.")
    boolean version;

    @Option(names = "--quiet", description = "Print results only, nothing on standard error but errors.")
    boolean quiet;

    @Option(names = "--stacktrace", description = "Print where in the program an error arose.")
    boolean stackTrace;
}

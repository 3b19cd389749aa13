package dev.microgpt.cli;

import picocli.CommandLine.Option;

/** The options for the samples at the end of a training. */
final class SampleOptions {
    @Option(
            names = "--num-samples",
            paramLabel = "N",
            converter = Converters.AtLeastZero.class,
            description = "Samples to print after the training (default ${DEFAULT-VALUE}).")
    int count = 20;

    @Option(
            names = "--temperature",
            paramLabel = "X",
            converter = Converters.NotNegative.class,
            description = "Of all samples: 0 always takes the most likely token (default ${DEFAULT-VALUE}).")
    double temperature = 0.5;
}

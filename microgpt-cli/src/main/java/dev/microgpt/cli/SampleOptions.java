package dev.microgpt.cli;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the samples at the end of a training. */
final class SampleOptions {
    @Option(
            names = "--num-samples",
            paramLabel = "N",
            converter = Converters.AtLeastZero.class,
            description = "Samples to print after the training (default ${DEFAULT-VALUE}).")
    int count = 20;

    @Mixin
    final SamplingOptions sampling = new SamplingOptions();
}

package dev.microgpt.cli.option;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options for the samples at the end of a training. */
public final class SampleOptions {
    @Range(atLeast = 0)
    @Option(
            names = "--num-samples",
            paramLabel = "N",
            description = "Samples to print after the training (default ${DEFAULT-VALUE}).")
    public int count = 20;

    @Mixin
    public final SamplingOptions sampling = new SamplingOptions();
}

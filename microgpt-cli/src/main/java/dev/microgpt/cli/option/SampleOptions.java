package dev.microgpt.cli.option;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the samples at the end of a training run. */
public final class SampleOptions {
    @Range(atLeast = 0)
    @Option(
            names = "--num-samples",
            paramLabel = "N",
            description = "Samples to print after training (default ${DEFAULT-VALUE}).")
    public int count = 20;

    @Mixin
    public final SamplingOptions sampling = new SamplingOptions();

    @Mixin
    public final NewOnly newOnly = new NewOnly();
}

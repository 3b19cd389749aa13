package dev.microgpt.cli.option;

import dev.microgpt.model.generate.SamplingConfig;
import picocli.CommandLine.Option;

/** The options that say how each token is chosen. */
public final class SamplingOptions {
    @Range(atLeast = 0)
    @Option(
            names = "--temperature",
            paramLabel = "X",
            description = "Of the samples: below 1 likely tokens become likelier, 0 always takes the most likely"
                    + " (default ${DEFAULT-VALUE}).")
    private double temperature = 0.5;

    @Range(atLeast = 1)
    @Option(
            names = "--top-k",
            paramLabel = "N",
            description = "Of the samples: choose among the N most likely tokens (default all).")
    private int topK = SamplingConfig.ALL_TOKENS;

    @Range(above = 0, atMost = 1)
    @Option(
            names = "--top-p",
            paramLabel = "X",
            description = "Of the samples: choose among the fewest tokens that together are as likely as X"
                    + " (default 1, which is all).")
    private double topP = SamplingConfig.ALL_PROBABILITY;

    public SamplingConfig config() {
        return new SamplingConfig(temperature, topK, topP);
    }
}

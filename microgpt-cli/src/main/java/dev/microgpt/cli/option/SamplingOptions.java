package dev.microgpt.cli.option;

import dev.microgpt.model.generate.SamplingConfig;
import picocli.CommandLine.Option;

/** The options of sampling a token. */
public final class SamplingOptions {
    @Range(atLeast = 0)
    @Option(
            names = "--temperature",
            paramLabel = "X",
            description =
                    "Sampling temperature: below 1 makes likely tokens likelier, 0 always picks the most likely one"
                            + " (default ${DEFAULT-VALUE}).")
    private double temperature = SamplingConfig.MICROGPT_TEMPERATURE;

    @Range(atLeast = 1)
    @Option(
            names = "--top-k",
            paramLabel = "N",
            description = "Sample from the N most likely tokens only (default all).")
    private int topK = SamplingConfig.ALL_TOKENS;

    @Range(above = 0, atMost = 1)
    @Option(
            names = "--top-p",
            paramLabel = "X",
            description = "Sample from the smallest set of tokens whose probabilities add up to at least X (default 1,"
                    + " which is all).")
    private double topP = SamplingConfig.ALL_PROBABILITY;

    public SamplingConfig config() {
        return new SamplingConfig(temperature, topK, topP);
    }
}

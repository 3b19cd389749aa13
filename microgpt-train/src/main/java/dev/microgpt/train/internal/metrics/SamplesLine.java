package dev.microgpt.train.internal.metrics;

import java.util.List;

/** The samples that the model generated after a step. */
public record SamplesLine(int step, List<String> texts) implements MetricsLine {}

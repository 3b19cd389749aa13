package dev.microgpt.cli.report;

import java.util.List;

/** The samples that the model generated after a step. */
record SamplesLine(int step, List<String> texts) implements MetricsLine {}

package dev.microgpt.cli.report;

/** A training step as read from the metrics; missing numbers are NaN. */
record StepLine(int step, double loss, double learningRate, double gradientNorm, double tokensPerSecond)
        implements MetricsLine {}

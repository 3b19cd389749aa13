package dev.microgpt.train.internal.metrics;

/** A training step as read from the metrics; missing numbers are NaN. */
public record StepLine(
        int step, double loss, double learningRate, double gradientNorm, double tokens, double tokensPerSecond)
        implements MetricsLine {}

package dev.microgpt.train.internal.metrics;

/**
 * An evaluation as read from the metrics; missing numbers are NaN.
 *
 * @param best whether the model was the best one so far
 */
public record EvaluationLine(
        int step, double loss, double perplexity, double bitsPerToken, double bitsPerByte, boolean best)
        implements MetricsLine {}

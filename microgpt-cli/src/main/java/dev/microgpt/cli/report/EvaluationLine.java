package dev.microgpt.cli.report;

/** An evaluation as read from the metrics; missing numbers are NaN. */
record EvaluationLine(int step, double loss, double perplexity, double bitsPerToken, double bitsPerByte)
        implements MetricsLine {}

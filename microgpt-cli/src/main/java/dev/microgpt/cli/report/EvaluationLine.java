package dev.microgpt.cli.report;

/** One evaluation as the metrics have it; numbers that are missing there are NaN. */
record EvaluationLine(int step, double loss, double perplexity, double bitsPerToken, double bitsPerByte) {}

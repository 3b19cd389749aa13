package dev.microgpt.cli.report;

/** A line of the metrics. */
sealed interface MetricsLine permits StepLine, EvaluationLine, SamplesLine {
    /** Returns the number of the step, or of the step before the evaluation or samples. */
    int step();
}

package dev.microgpt.train.internal.metrics;

/** A line of the metrics. */
public sealed interface MetricsLine permits StepLine, EvaluationLine, SamplesLine {
    /** Returns the number of the step, or of the step before the evaluation or samples. */
    int step();
}

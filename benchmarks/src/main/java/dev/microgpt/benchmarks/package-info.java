/**
 * JMH benchmarks; {@code docs/benchmarks.md} says how to run them and what was measured.
 *
 * <p>The entry point is {@link dev.microgpt.benchmarks.TrainStepBenchmark}: a step of the tape beside one written by hand
 * ({@link dev.microgpt.benchmarks.handwritten}). The others measure its parts, kernels and ops, and generation;
 * {@link dev.microgpt.benchmarks.report} makes tables of the figures.
 */
@NullMarked
package dev.microgpt.benchmarks;

import org.jspecify.annotations.NullMarked;

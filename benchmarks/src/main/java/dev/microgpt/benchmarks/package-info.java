/**
 * JMH benchmarks; {@code docs/benchmarks.md} describes how to run them, and has the results.
 *
 * <p>The entry point is {@link dev.microgpt.benchmarks.TrainStepBenchmark}: a training step on the tape compared with
 * one written by hand ({@link dev.microgpt.benchmarks.handwritten}). The others measure its parts (kernels and
 * operations) and generation; {@link dev.microgpt.benchmarks.report} writes the results as tables and pictures.
 */
@NullMarked
package dev.microgpt.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * One training step of microgpt's model written by hand: what {@link dev.microgpt.benchmarks.TrainStepBenchmark}
 * compares the tape with. Start at {@link dev.microgpt.benchmarks.handwritten.HandWrittenStep}.
 *
 * <p>It shares {@link dev.microgpt.autograd.Kernels} with the tape and nothing else, so the difference between the two
 * is what recording, tensors and one pass over memory for each operation cost. Letters as everywhere: {@code T} rows,
 * {@code C} channels, {@code V} tokens in the vocabulary, {@code d} channels of a head.
 */
@NullMarked
package dev.microgpt.benchmarks.handwritten;

import org.jspecify.annotations.NullMarked;

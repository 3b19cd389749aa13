/**
 * A training step of microgpt's model written by hand, with which {@link dev.microgpt.benchmarks.TrainStepBenchmark}
 * compares the tape. Start at {@link dev.microgpt.benchmarks.handwritten.HandWrittenStep}.
 *
 * <p>It shares only {@link dev.microgpt.autograd.Kernels} with the tape, so the difference between the two is the cost
 * of recording, of tensors, and of one pass over memory for each operation. Letters are those of the whole project:
 * {@code T} rows, {@code C} channels, {@code V} tokens in the vocabulary, {@code d} channels of a head.
 */
@NullMarked
package dev.microgpt.benchmarks.handwritten;

import org.jspecify.annotations.NullMarked;

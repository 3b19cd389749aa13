/**
 * Training: data, optimizer, the loop and its checkpoints.
 *
 * <p>The entry point is {@link dev.microgpt.train.Trainer}. Read on in this order: {@link dev.microgpt.train.Documents}
 * and {@link dev.microgpt.train.Batcher} (from a file to a batch), {@link dev.microgpt.train.Adam},
 * {@link dev.microgpt.train.LearningRate}, {@link dev.microgpt.train.Checkpoint} (on
 * {@link dev.microgpt.train.safetensors}). Nothing here prints: a
 * {@link dev.microgpt.train.TrainingListener} hears of every step.
 */
@NullMarked
package dev.microgpt.train;

import org.jspecify.annotations.NullMarked;

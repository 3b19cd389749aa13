/**
 * Training: data, optimizer, the loop and its checkpoints.
 *
 * <p>The entry point is {@link dev.microgpt.train.Trainer}. Read on in this order: {@link dev.microgpt.train.data.Documents}
 * and {@link dev.microgpt.train.data.Batcher} (from a file to a batch; long texts are in
 * {@link dev.microgpt.train.data}), {@link dev.microgpt.train.TrainingConfig} with
 * {@link dev.microgpt.train.Schedule} (the learning rate) and {@link dev.microgpt.train.AdamConfig},
 * {@link dev.microgpt.train.Gradients} (their norm, clipping), {@link dev.microgpt.train.Adam} with
 * {@link dev.microgpt.train.ParameterGroup}, {@link dev.microgpt.train.Evaluator} (on text that is held back),
 * {@link dev.microgpt.train.checkpoint.Checkpoint} (on {@link dev.microgpt.train.safetensors}). Nothing here prints: a
 * {@link dev.microgpt.train.TrainingListener} hears of every step.
 */
@NullMarked
package dev.microgpt.train;

import org.jspecify.annotations.NullMarked;

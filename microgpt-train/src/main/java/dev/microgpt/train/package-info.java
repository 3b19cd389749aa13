/**
 * Training a model: the loop, the optimizer, the learning-rate schedule and evaluation.
 *
 * <p>The entry point is {@link dev.microgpt.train.Trainer}. Read on in this order:
 * {@link dev.microgpt.train.TrainingConfig} with {@link dev.microgpt.train.Schedule} and
 * {@link dev.microgpt.train.AdamConfig} (the settings of a run), {@link dev.microgpt.train.Gradients} (norm and
 * clipping), {@link dev.microgpt.train.Adam} with {@link dev.microgpt.train.ParameterGroup} (the update),
 * {@link dev.microgpt.train.Evaluator} (the loss on held-out data). Nothing here prints: a
 * {@link dev.microgpt.train.TrainingListener} is notified of each step and evaluation, such as
 * {@link dev.microgpt.train.LossWatch}, which notices a run that does not learn.
 *
 * <p>Batches come from {@link dev.microgpt.train.data}; {@link dev.microgpt.train.checkpoint} saves and resumes a run.
 */
@NullMarked
package dev.microgpt.train;

import org.jspecify.annotations.NullMarked;

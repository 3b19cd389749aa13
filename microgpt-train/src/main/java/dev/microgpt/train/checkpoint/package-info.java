/**
 * Checkpoints: saving the state of a training run, resuming from it, and using the model alone.
 *
 * <p>The entry point is {@link dev.microgpt.train.checkpoint.Checkpoint}. Read on in this order:
 * {@link dev.microgpt.train.checkpoint.TrainedModel} (model and tokenizer, for generation and evaluation),
 * {@link dev.microgpt.train.checkpoint.BestModel} (which model of a run is the best),
 * {@link dev.microgpt.train.checkpoint.DataConfig} (what identifies the training data),
 * {@link dev.microgpt.train.checkpoint.RunSettings} (what a run that starts from the model can inherit),
 * {@link dev.microgpt.train.checkpoint.Extension} (how a run became longer),
 * {@link dev.microgpt.train.checkpoint.Replay} (repeating a run from its first step). Files are in the format of
 * {@link dev.microgpt.train.safetensors}; equal runs write equal bytes.
 *
 * <pre>{@code
 * TrainedModel model = TrainedModel.load(Path.of("run", "last.safetensors"));
 * int[] prompt = model.format().promptTokens(model.tokenizer(), "an");
 * }</pre>
 */
@NullMarked
package dev.microgpt.train.checkpoint;

import org.jspecify.annotations.NullMarked;

/**
 * A GPT, the tokenizer in front of it and the sampling behind it.
 *
 * <p>The entry point is {@link dev.microgpt.model.Gpt}: one {@code forward} for training and for generation. Read on in
 * this order: {@link dev.microgpt.model.GptConfig} (its size) with {@link dev.microgpt.model.GptVariant} (what it is made
 * of), {@link dev.microgpt.model.Batch}, {@link dev.microgpt.model.Parameters} (where a layer gets its weights from),
 * {@link dev.microgpt.model.Block} and the layers in it, {@link dev.microgpt.model.Norm} and
 * {@link dev.microgpt.model.Activation} (to which one of your own is added), {@link dev.microgpt.model.MlpFactory} (for
 * a layer of your own), {@link dev.microgpt.model.KeyValueCache}, {@link dev.microgpt.model.generate.Generator},
 * {@link dev.microgpt.model.generate.SamplingConfig}.
 */
@NullMarked
package dev.microgpt.model;

import org.jspecify.annotations.NullMarked;

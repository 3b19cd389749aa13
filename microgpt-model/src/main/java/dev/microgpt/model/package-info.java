/**
 * A GPT, the tokenizer in front of it and the sampling behind it.
 *
 * <p>The entry point is {@link dev.microgpt.model.Gpt}: one {@code forward} for training and for generation. Read on in
 * this order: {@link dev.microgpt.model.GptConfig}, {@link dev.microgpt.model.Batch},
 * {@link dev.microgpt.model.Parameters} (where a layer gets its weights from), {@link dev.microgpt.model.Block} and the
 * layers in it, {@link dev.microgpt.model.KeyValueCache}, {@link dev.microgpt.model.Generator}.
 */
@NullMarked
package dev.microgpt.model;

import org.jspecify.annotations.NullMarked;

/**
 * A decoder-only transformer (GPT): its configuration, its layers, and the cache that makes generation fast.
 *
 * <p>The entry point is {@link dev.microgpt.model.Gpt}, whose {@code forward} serves training and generation alike.
 * Reading order: {@link dev.microgpt.model.Gpt#forward(dev.microgpt.autograd.Tape, Batch, KeyValueCache) Gpt.forward},
 * {@link dev.microgpt.model.Block}, {@link dev.microgpt.model.SelfAttention} and {@link dev.microgpt.model.Mlp}; then
 * {@link dev.microgpt.model.GptConfig} (sizes) with {@link dev.microgpt.model.GptVariant} (components),
 * {@link dev.microgpt.model.Batch}, and {@link dev.microgpt.model.Parameters} with {@link dev.microgpt.model.Scope}
 * (where layers get their weights). To extend the model, see {@link dev.microgpt.model.Norm},
 * {@link dev.microgpt.model.Activation} and {@link dev.microgpt.model.MlpFactory}. To generate text, continue with
 * {@link dev.microgpt.model.KeyValueCache} and the package {@link dev.microgpt.model.generate}.
 *
 * <p>Shapes use one set of letters: {@code T} is the number of tokens in a batch, whose sequences are packed one after
 * another without padding, so that there is no separate batch dimension; {@code C} the number of channels (embedding
 * width), {@code V} the vocabulary size, {@code H} the number of heads, each with {@code C / H} channels, and {@code I}
 * the number of channels inside the MLP.
 */
@NullMarked
package dev.microgpt.model;

import org.jspecify.annotations.NullMarked;

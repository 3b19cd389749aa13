/**
 * Language models, of which a decoder-only transformer (GPT) is the first: its configuration, its parts and its layers.
 *
 * <p>Reading order: {@link dev.microgpt.model.Gpt#forward Gpt.forward}, which serves training and evaluation alike,
 * {@link dev.microgpt.model.Block}, {@link dev.microgpt.model.SelfAttention} and
 * {@link dev.microgpt.model.TwoLayerMlp}; then {@link dev.microgpt.model.GptConfig} (sizes and parts),
 * {@link dev.microgpt.model.Batch}, and {@link dev.microgpt.model.Parameters} with {@link dev.microgpt.model.Scope}
 * (where layers get their weights). To generate text, continue with {@link dev.microgpt.model.Decoder} and the package
 * {@link dev.microgpt.model.generate}.
 *
 * <p>To replace a part of a GPT, implement {@link dev.microgpt.model.Attention}, {@link dev.microgpt.model.Mlp},
 * {@link dev.microgpt.model.Norm}, {@link dev.microgpt.model.Activation} or {@link dev.microgpt.model.Positions}; for a
 * model that is no GPT, {@link dev.microgpt.model.LanguageModel} and {@link dev.microgpt.model.ModelType}. Then test it
 * with {@link dev.microgpt.model.check.ModelCheck}.
 *
 * <p>Shapes use one set of letters: {@code T} is the number of tokens in a batch, whose sequences are packed one after
 * another without padding, so that there is no separate batch dimension; {@code C} the number of channels (embedding
 * width), {@code V} the vocabulary size, {@code H} the number of heads, each with {@code C / H} channels, and {@code I}
 * the number of channels inside the MLP.
 */
@NullMarked
package dev.microgpt.model;

import org.jspecify.annotations.NullMarked;

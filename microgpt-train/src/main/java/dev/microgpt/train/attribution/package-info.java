/**
 * Why a model assigns a text its probability: which documents of its training run raised it, and which lowered it.
 *
 * <p>The entry point is {@link dev.microgpt.train.attribution.Attribution}, which trains the model again without one
 * document after the other. Read on in this order: {@link dev.microgpt.train.attribution.Influence} (of one document),
 * {@link dev.microgpt.train.attribution.Influences} (of all, in their order, and how good the estimates are),
 * {@link dev.microgpt.train.attribution.Correlation}.
 */
@NullMarked
package dev.microgpt.train.attribution;

import org.jspecify.annotations.NullMarked;

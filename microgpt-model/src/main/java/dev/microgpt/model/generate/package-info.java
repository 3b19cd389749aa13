/**
 * Text generation: sampling tokens from a model and decoding them as they arrive.
 *
 * <p>The entry point is {@link dev.microgpt.model.generate.TextGenerator}, with
 * {@link dev.microgpt.model.generate.GenerationConfig} and {@link dev.microgpt.model.generate.GeneratedText}. Reading
 * order: {@link dev.microgpt.model.generate.Generator},
 * {@link dev.microgpt.model.generate.SamplingConfig} (temperature, top-k, top-p),
 * {@link dev.microgpt.model.generate.Sampler}, {@link dev.microgpt.model.generate.TokenListener} (streaming),
 * {@link dev.microgpt.model.generate.TextStream} (text and stop strings), and
 * {@link dev.microgpt.model.generate.TextListener} with {@link dev.microgpt.model.generate.Prediction}
 * (log-probabilities).
 */
@NullMarked
package dev.microgpt.model.generate;

import org.jspecify.annotations.NullMarked;

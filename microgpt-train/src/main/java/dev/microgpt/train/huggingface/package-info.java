/**
 * Import and export of models in the format of Hugging Face's transformers: folders of GPT-2.
 *
 * <p>The entry point is {@link dev.microgpt.train.huggingface.Gpt2Folder}, which fails with {@link
 * dev.microgpt.train.huggingface.HuggingFaceException}. Behind it, in reading order: {@code Gpt2Config} ({@code
 * config.json}), {@code Gpt2Layout} and {@code Gpt2Tensor} (which tensor contains which parameters), {@code
 * WeightFiles}, {@code TensorNames} and {@code Gpt2Weights} (reading them), {@code ExportedTensor} (writing them),
 * {@code Gpt2Tokenizers} with {@code TokenizerSettings}, {@code BpeFiles}, {@code CharTokenizerJson} and {@code
 * CompleteBytes}, and {@code ExportFolder} (writing all or nothing).
 */
@NullMarked
package dev.microgpt.train.huggingface;

import org.jspecify.annotations.NullMarked;

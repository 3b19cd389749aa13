/**
 * Models of Hugging Face's transformers: reading and writing the folders of GPT-2.
 *
 * <p>The entry point is {@link dev.microgpt.train.huggingface.Gpt2Folder}. Behind it, in the order of reading:
 * {@code Gpt2Config} (config.json), {@code Gpt2Layout} and {@code Gpt2Tensor} (which tensor there is which parameter here),
 * {@code WeightFiles} and {@code Gpt2Weights} (reading them), {@code Gpt2Tokenizers} with {@code BpeFiles} and
 * {@code CharTokenizerJson}, {@code ExportFolder} (writing all or nothing).
 */
@NullMarked
package dev.microgpt.train.huggingface;

import org.jspecify.annotations.NullMarked;

/**
 * The safetensors file format: named tensors and a map of texts, nothing that can be executed.
 *
 * <p>The entry point is {@link dev.microgpt.train.safetensors.Safetensors}. Read on in this order:
 * {@link dev.microgpt.train.safetensors.NamedTensor} (what a file holds),
 * {@link dev.microgpt.train.safetensors.SafetensorsException}, then reader and writer, which are strict about everything that
 * the format says and not public. {@link dev.microgpt.train.safetensors.TensorFile} reads and writes files of other programs,
 * with numbers of other types, tensor by tensor.
 */
@NullMarked
package dev.microgpt.train.safetensors;

import org.jspecify.annotations.NullMarked;

/**
 * The safetensors file format: named tensors and a map of texts, nothing that can be executed.
 *
 * <p>The entry point is {@link dev.microgpt.train.safetensors.Safetensors}; reader and writer, strict about everything
 * that the format says, are behind it.
 */
@NullMarked
package dev.microgpt.train.safetensors;

import org.jspecify.annotations.NullMarked;

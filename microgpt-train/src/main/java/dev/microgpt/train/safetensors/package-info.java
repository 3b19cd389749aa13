/**
 * The safetensors file format: named tensors and a map of strings, nothing that can be executed.
 *
 * <p>The entry point is {@link dev.microgpt.train.safetensors.Safetensors}, for files of float64 tensors such as
 * checkpoints. {@link dev.microgpt.train.safetensors.TensorFile} reads and writes files for other programs, tensor by
 * tensor and with numbers of other types. Read on in this order: {@link dev.microgpt.train.safetensors.NamedTensor},
 * {@link dev.microgpt.train.safetensors.NumberType}, {@link dev.microgpt.train.safetensors.SafetensorsException}; then,
 * not public, {@code SafetensorsFormat} (limits), {@code HeaderParser} with {@code TensorEntryParser}, {@code
 * SafetensorsHeader}, and for writing {@code SafetensorsWriter} with {@code HeaderWriter}.
 *
 * @see <a href="https://github.com/huggingface/safetensors#format">safetensors, the format</a>
 */
@NullMarked
package dev.microgpt.train.safetensors;

import org.jspecify.annotations.NullMarked;

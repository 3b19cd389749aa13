/**
 * Strict JSON, and tokenizers stored as JSON; not exported.
 *
 * <p>The entry points are {@link dev.microgpt.train.internal.json.Json} for reading any value and
 * {@link dev.microgpt.train.internal.json.JsonWriter} for writing one. On top of them,
 * {@link dev.microgpt.train.internal.json.JsonFields} reads an object whose fields are all known, and
 * {@link dev.microgpt.train.internal.json.TokenizerJson} reads and writes tokenizers, with {@code BpeJsonReader} and
 * {@code BpeJsonWriter} for the {@code tokenizer.json} of Hugging Face.
 */
@NullMarked
package dev.microgpt.train.internal.json;

import org.jspecify.annotations.NullMarked;

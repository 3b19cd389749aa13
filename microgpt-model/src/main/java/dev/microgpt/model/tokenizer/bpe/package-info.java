/**
 * The internals of byte-level BPE, not exported: they work on bytes and token ids, and know no vocabulary.
 *
 * <p>Encoding, in reading order: {@link dev.microgpt.model.tokenizer.bpe.Gpt2Split} splits a text into words with the
 * character classes of {@link dev.microgpt.model.tokenizer.bpe.CodePointKind}, and
 * {@link dev.microgpt.model.tokenizer.bpe.WordEncoder} applies the merges of a
 * {@link dev.microgpt.model.tokenizer.bpe.MergeTable} to each. Training:
 * {@link dev.microgpt.model.tokenizer.bpe.ByteStrings} collects the words, and
 * {@link dev.microgpt.model.tokenizer.bpe.MergeLearner} learns merges from them. Both keep words in a
 * {@link dev.microgpt.model.tokenizer.bpe.TokenRow}. {@link dev.microgpt.model.tokenizer.bpe.CodePoints} shows
 * characters in error messages.
 */
@NullMarked
package dev.microgpt.model.tokenizer.bpe;

import org.jspecify.annotations.NullMarked;

/**
 * Tokenizers: from text to token ids and back.
 *
 * <p>The entry point is {@link dev.microgpt.model.tokenizer.Tokenizer}. Its implementations are
 * {@link dev.microgpt.model.tokenizer.CharTokenizer} (one token per character, as in microgpt.py),
 * {@link dev.microgpt.model.tokenizer.ByteTokenizer} (one token per byte, for any language) and
 * {@link dev.microgpt.model.tokenizer.BpeTokenizer} (tokens of several bytes, as in GPT-2).
 * {@link dev.microgpt.model.generate.TextStream} decodes tokens as they are generated.
 *
 * <p>For BPE, continue with {@link dev.microgpt.model.tokenizer.BpeVocabulary} (tokens and merges),
 * {@link dev.microgpt.model.tokenizer.BpeTrainer} (learns one from text),
 * {@link dev.microgpt.model.tokenizer.BpeVocabularyBuilder} and {@link dev.microgpt.model.tokenizer.ByteLetters} (build
 * one from a file). The algorithms are in the internal package {@code dev.microgpt.model.tokenizer.bpe}.
 */
@NullMarked
package dev.microgpt.model.tokenizer;

import org.jspecify.annotations.NullMarked;

/**
 * Turns text into token ids and back.
 *
 * <p>The entry point is {@link dev.microgpt.model.tokenizer.Tokenizer}. Its forms:
 * {@link dev.microgpt.model.tokenizer.CharTokenizer} (a token for each character, as in microgpt.py),
 * {@link dev.microgpt.model.tokenizer.ByteTokenizer} (a token for each byte, any language) and
 * {@link dev.microgpt.model.tokenizer.BpeTokenizer} (tokens of several bytes, as in GPT-2).
 * {@link dev.microgpt.model.generate.TextStream} makes text of tokens that come one by one.
 *
 * <p>Of BPE, a {@link dev.microgpt.model.tokenizer.BpeVocabulary} is all there is to know. It is learned from
 * texts by a {@link dev.microgpt.model.tokenizer.BpeTrainer}, or read from a file by way of a
 * {@link dev.microgpt.model.tokenizer.BpeVocabularyBuilder} and {@link dev.microgpt.model.tokenizer.ByteLetters}. How
 * it works, in reading order: {@code Gpt2Split}, {@code WordEncoder}, {@code MergeLearner}.
 */
@NullMarked
package dev.microgpt.model.tokenizer;

import org.jspecify.annotations.NullMarked;

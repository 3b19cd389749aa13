/**
 * Turns text into token ids and back.
 *
 * <p>The entry point is {@link dev.microgpt.model.tokenizer.Tokenizer}. Its forms:
 * {@link dev.microgpt.model.tokenizer.CharTokenizer} (a token for each character, as in microgpt.py) and
 * {@link dev.microgpt.model.tokenizer.ByteTokenizer} (a token for each byte, any language).
 * {@link dev.microgpt.model.tokenizer.TextStream} makes text of tokens that come one by one.
 */
@NullMarked
package dev.microgpt.model.tokenizer;

import org.jspecify.annotations.NullMarked;

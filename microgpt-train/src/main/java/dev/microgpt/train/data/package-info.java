/**
 * One long text to train on, with random crops, in memory or in files larger than the heap.
 *
 * <p>The entry points are {@link dev.microgpt.train.data.TextCorpus} and
 * {@link dev.microgpt.train.data.PreparedCorpus}, which make {@link dev.microgpt.train.data.Tokens} of a
 * {@link dev.microgpt.train.data.TextSource}. Read on in this order: {@link dev.microgpt.train.data.TextBatcher} (from
 * tokens to a batch), {@link dev.microgpt.train.data.TextWindows} and {@link dev.microgpt.train.data.DocumentSet} (what
 * is held back), {@link dev.microgpt.train.data.TokenFile} and {@link dev.microgpt.train.data.TokenFileWriter} (nanoGPT's
 * files).
 *
 * <pre>{@code
 * Corpus corpus = TextCorpus.read(TextSource.of(Path.of("input.txt")), 0.1);
 * BatchSource batches = new TextBatcher(corpus.training(), 12, 64, 42);
 * ValidationSet held = new TextWindows(corpus.validation(), 64, 12, corpus.validationBytes());
 * }</pre>
 */
@NullMarked
package dev.microgpt.train.data;

import org.jspecify.annotations.NullMarked;

/**
 * Training data: documents or one long text, in memory or in files larger than the heap, as batches of tokens.
 *
 * <p>The entry points are {@link dev.microgpt.train.data.DocumentCorpus} (one document per line, as in microgpt) and
 * {@link dev.microgpt.train.data.TextCorpus} (one long text, as in nanoGPT). Read on in this order:
 * {@link dev.microgpt.train.data.Documents},
 * {@link dev.microgpt.train.data.read.TextSource} (files, folders and streams),
 * {@link dev.microgpt.train.data.read.RecordFormat} (lines, JSON Lines and CSV), {@link dev.microgpt.train.data.Split}
 * (training and validation), {@link dev.microgpt.train.data.Batcher} and {@link dev.microgpt.train.data.TextBatcher}
 * (batches for training), {@link dev.microgpt.train.data.DocumentSet}, {@link dev.microgpt.train.data.DocumentWindows}
 * and {@link dev.microgpt.train.data.TextWindows} (batches for evaluation),
 * {@link dev.microgpt.train.data.PreparedCorpus} with {@link dev.microgpt.train.data.TokenFile} (nanoGPT's files, for
 * texts larger than the heap).
 *
 * <pre>{@code
 * Corpus corpus = TextCorpus.read(TextSource.of(Path.of("input.txt")), 0.1);
 * BatchSource batches = corpus.batches(64, 12, 42);
 * ValidationSet validation = corpus.validationSet(64, 12);
 * }</pre>
 */
@NullMarked
package dev.microgpt.train.data;

import org.jspecify.annotations.NullMarked;

/**
 * Reads texts and their records: UTF-8 in files, folders and streams.
 *
 * <p>The entry points are {@link dev.microgpt.train.data.read.TextSource}, which says what is read, and
 * {@link dev.microgpt.train.data.read.RecordFormat}, which says what its records are and reads them as
 * {@link dev.microgpt.train.data.read.TextPieces}; {@link dev.microgpt.train.data.read.TextRepairs} says what was
 * normalized.
 */
@NullMarked
package dev.microgpt.train.data.read;

import org.jspecify.annotations.NullMarked;

/**
 * Reads texts: UTF-8 in files, folders and streams.
 *
 * <p>The entry point is {@link dev.microgpt.train.data.read.TextSource}; {@link dev.microgpt.train.data.read.TextReader}
 * decodes it piece by piece, and {@link dev.microgpt.train.data.read.TextRepairs} says what was normalized.
 */
@NullMarked
package dev.microgpt.train.data.read;

import org.jspecify.annotations.NullMarked;

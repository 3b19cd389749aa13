/**
 * Writing files so that a crash never leaves half of one, and detecting that a file changed while it was being read;
 * not exported.
 *
 * <p>The entry point is {@link dev.microgpt.train.internal.disk.AtomicFile}. Read on with
 * {@link dev.microgpt.train.internal.disk.FileOperations} (what it does to the disk, and what a crash may undo),
 * {@link dev.microgpt.train.internal.disk.Disk} (where tests put a disk that fails),
 * {@link dev.microgpt.train.internal.disk.SystemReason} (why an operation failed, in English), and for reading,
 * {@link dev.microgpt.train.internal.disk.OrdinaryFile} and {@link dev.microgpt.train.internal.disk.FileState}.
 */
@NullMarked
package dev.microgpt.train.internal.disk;

import org.jspecify.annotations.NullMarked;

/**
 * What several packages of this module need; not exported.
 *
 * <p>The entry point is {@link dev.microgpt.train.internal.disk.AtomicFile} (how every file is saved), above
 * {@link dev.microgpt.train.internal.disk.FileOperations} (what that does to the disk);
 * {@link dev.microgpt.train.internal.Sha256} and {@link dev.microgpt.train.internal.Quoted} (foreign text in a message) stand
 * for themselves.
 */
@NullMarked
package dev.microgpt.train.internal;

import org.jspecify.annotations.NullMarked;

/**
 * Small pieces that several packages of this module share; not exported.
 *
 * <p>Each stands on its own: {@link dev.microgpt.train.internal.Checks} (ranges of settings), {@link
 * dev.microgpt.train.internal.Quoted} (foreign text in error messages), {@link dev.microgpt.train.internal.Spelling}
 * (what a misspelled name was meant to be), {@link dev.microgpt.train.internal.Sha256}, {@link
 * dev.microgpt.train.internal.TensorMismatches}; and for UTF-8 input, {@link dev.microgpt.train.internal.Utf8Check}
 * below {@link dev.microgpt.train.internal.Utf8Input} and {@link dev.microgpt.train.internal.TextInput}, and {@link
 * dev.microgpt.train.internal.TextKind} and {@link dev.microgpt.train.internal.LfsPointer} for files that are not the
 * expected ones.
 */
@NullMarked
package dev.microgpt.train.internal;

import org.jspecify.annotations.NullMarked;

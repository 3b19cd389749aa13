/**
 * Functions of single elements, and of the elements of two tensors at the same place.
 *
 * <p>The entry point is {@link dev.microgpt.autograd.op.element.Relu}. Read on with
 * {@link dev.microgpt.autograd.op.element.Gelu} (a function that keeps something for {@code backward}) and
 * {@link dev.microgpt.autograd.op.element.Multiply} (two tensors).
 *
 * <p>The second of two tensors has the shape of the first, {@code (T, C)}, or is one row {@code (C)}, which meets every
 * row, or one column {@code (T, 1)}, which meets every column; nothing else is broadcast.
 */
@NullMarked
package dev.microgpt.autograd.op.element;

import org.jspecify.annotations.NullMarked;

/**
 * Functions of single elements, and of the elements of two tensors at the same place.
 *
 * <p>The entry point is {@link dev.microgpt.autograd.op.element.Relu}. Read on with
 * {@link dev.microgpt.autograd.op.element.Gelu} (a function that keeps something for {@code backward}) and
 * {@link dev.microgpt.autograd.op.element.Multiply} (two tensors).
 */
@NullMarked
package dev.microgpt.autograd.op.element;

import org.jspecify.annotations.NullMarked;

/**
 * Operations that only move elements: reshape, transpose, slices, concatenations and gather.
 *
 * <p>Each copies its elements forward and adds their gradients backward, so its results are exact. The entry point is
 * {@link dev.microgpt.autograd.op.shape.SliceRows}.
 */
@NullMarked
package dev.microgpt.autograd.op.shape;

import org.jspecify.annotations.NullMarked;

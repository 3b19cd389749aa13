/**
 * Functions that make one number of many.
 *
 * <p>The entry point is {@link dev.microgpt.autograd.op.reduce.Sum}.
 */
@NullMarked
package dev.microgpt.autograd.op.reduce;

import org.jspecify.annotations.NullMarked;

/**
 * Checks of derivatives and of values.
 *
 * <p>The entry point is {@link dev.microgpt.autograd.check.GradientCheck}, which compares gradients with finite
 * differences; this project tests its own operations with it, and you should test yours.
 * {@link dev.microgpt.autograd.check.FiniteCheck} finds the operation that produced the first NaN or infinity.
 */
@NullMarked
package dev.microgpt.autograd.check;

import org.jspecify.annotations.NullMarked;

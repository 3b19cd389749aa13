/**
 * Numerical checks of derivatives. The entry point, and the only class, is
 * {@link dev.microgpt.autograd.check.GradientCheck}: what this project tests its own operations with, and what an operation
 * of yours should be tested with.
 */
@NullMarked
package dev.microgpt.autograd.check;

import org.jspecify.annotations.NullMarked;

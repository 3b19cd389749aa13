/**
 * Numerical checks of derivatives: {@link dev.microgpt.autograd.check.GradientCheck} is what this project tests its own
 * operations with, and what an operation of yours should be tested with.
 */
@NullMarked
package dev.microgpt.autograd.check;

import org.jspecify.annotations.NullMarked;

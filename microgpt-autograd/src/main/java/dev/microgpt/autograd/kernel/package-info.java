/** The loops behind {@link dev.microgpt.autograd.Kernels}; not exported. */
@NullMarked
package dev.microgpt.autograd.kernel;

import org.jspecify.annotations.NullMarked;

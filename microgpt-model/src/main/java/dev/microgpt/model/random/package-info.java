/**
 * CPython's random number generator, bit for bit.
 *
 * <p>The entry point is {@link dev.microgpt.model.random.PythonRandom}; the Mersenne Twister under it is
 * {@code MersenneTwister}.
 */
@NullMarked
package dev.microgpt.model.random;

import org.jspecify.annotations.NullMarked;

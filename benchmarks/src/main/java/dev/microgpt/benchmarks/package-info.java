/** JMH benchmarks; {@code docs/benchmarks.md} says how to run them and what was measured. */
@NullMarked
package dev.microgpt.benchmarks;

import org.jspecify.annotations.NullMarked;

/**
 * Looking into a model while it runs: every operation with its numbers ({@link dev.microgpt.model.trace.Trace}),
 * reading and changing activations ({@link dev.microgpt.model.trace.Hooks}), what each layer knows already
 * ({@link dev.microgpt.model.trace.LogitLens}) and what is lost without a part of it
 * ({@link dev.microgpt.model.trace.Ablation}).
 */
@NullMarked
package dev.microgpt.model.trace;

import org.jspecify.annotations.NullMarked;

/**
 * Reading the metrics of a training run, as {@code train --metrics} and {@code --report} write them; not exported.
 *
 * <p>The entry point is {@link dev.microgpt.train.internal.metrics.MetricsReader}, which fills a {@link
 * dev.microgpt.train.internal.metrics.History}.
 */
@NullMarked
package dev.microgpt.train.internal.metrics;

import org.jspecify.annotations.NullMarked;

/**
 * Files with one JSON object per line: the metrics of a run and the scores of tokens.
 *
 * <p>Start at {@link dev.microgpt.cli.metrics.Metrics}, which writes {@link dev.microgpt.cli.metrics.JsonLines}; a
 * resumed run first truncates its file with {@link dev.microgpt.cli.metrics.MetricsTruncation}.
 */
@NullMarked
package dev.microgpt.cli.metrics;

import org.jspecify.annotations.NullMarked;

/**
 * The HTML report of a training run; of the program, it only uses {@link dev.microgpt.cli.page}.
 *
 * <p>Start at {@link dev.microgpt.cli.report.RunReport}. {@link dev.microgpt.train.internal.metrics.MetricsReader}
 * reads the metrics into a {@link dev.microgpt.train.internal.metrics.History}, of which {@link
 * dev.microgpt.cli.report.Page} makes the page: {@link dev.microgpt.cli.report.Charts} of {@link
 * dev.microgpt.cli.report.Curve}s, {@link dev.microgpt.cli.report.Tables} and {@link
 * dev.microgpt.cli.report.SampleList}, written with {@link dev.microgpt.cli.page.Html}.
 */
@NullMarked
package dev.microgpt.cli.report;

import org.jspecify.annotations.NullMarked;

/**
 * Writes JMH's results as tables and pictures. Start at {@link dev.microgpt.benchmarks.report.Report}, then read the
 * resource {@code tables.md}, which describes the tables that {@code Tables} fills in, and {@code Statement}, which
 * refuses to mix results; {@code RooflinePicture} and {@code ScalingPicture} draw on a {@code Plot}.
 */
@NullMarked
package dev.microgpt.benchmarks.report;

import org.jspecify.annotations.NullMarked;

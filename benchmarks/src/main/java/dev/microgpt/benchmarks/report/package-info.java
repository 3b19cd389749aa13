/**
 * Writes JMH's results as tables and pictures. Start at {@link dev.microgpt.benchmarks.report.Report}, then read
 * {@code Sections}, which describes the tables that {@code Table} fills in; {@code RooflinePicture} and
 * {@code ScalingPicture} draw on a {@code Plot}.
 */
@NullMarked
package dev.microgpt.benchmarks.report;

import org.jspecify.annotations.NullMarked;

/**
 * Turns what JMH measured into tables and pictures. Start at {@link dev.microgpt.benchmarks.report.Report}: each
 * {@code Section} writes one table, {@code RooflinePicture} and {@code ScalingPicture} the pictures.
 */
@NullMarked
package dev.microgpt.benchmarks.report;

import org.jspecify.annotations.NullMarked;

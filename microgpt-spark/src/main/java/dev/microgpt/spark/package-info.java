/**
 * Work of the library spread over an Apache Spark cluster, with the bits of one machine: corpora by
 * {@link dev.microgpt.spark.SparkCorpus}, scores by {@link dev.microgpt.spark.SparkScorer}, training by
 * {@link dev.microgpt.spark.SparkGradients}, and sweeps by {@link dev.microgpt.spark.SparkSweep}.
 *
 * <p>{@link dev.microgpt.spark.MicroGptSpark} is the program for {@code spark-submit}. Nothing of the library depends
 * on this package.
 */
@NullMarked
package dev.microgpt.spark;

import org.jspecify.annotations.NullMarked;

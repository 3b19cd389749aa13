/**
 * How surprising lines are to a model: names, paths, log lines, identifiers.
 *
 * <p>The entry point is {@link dev.microgpt.train.score.LineScorer}, which gives each line a
 * {@link dev.microgpt.train.score.LineScore}. {@link dev.microgpt.train.score.Calibration} turns scores into p-values
 * and flags, with a known share of false alarms.
 */
@NullMarked
package dev.microgpt.train.score;

import org.jspecify.annotations.NullMarked;

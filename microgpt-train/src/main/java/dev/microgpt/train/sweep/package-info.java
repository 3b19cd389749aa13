/**
 * Several runs at once: a file that lists their settings, each run in a folder of its own, and a table that compares
 * them.
 *
 * <p>Start at {@link dev.microgpt.train.sweep.Sweep}, which reads the file and trains its runs. {@link
 * dev.microgpt.train.sweep.SweptRun} is one of them and can be trained anywhere, by the {@link
 * dev.microgpt.train.sweep.RunTrainer} that is on the class path; {@link dev.microgpt.train.sweep.Comparison} makes the
 * table from the folders of any runs.
 */
@NullMarked
package dev.microgpt.train.sweep;

import org.jspecify.annotations.NullMarked;

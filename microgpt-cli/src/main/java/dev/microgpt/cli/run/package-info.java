/**
 * Training runs: starting, resuming, saving and stopping them, and estimates of their memory and time.
 *
 * <p>Start at {@link dev.microgpt.cli.run.TrainingRun}. Then read {@link dev.microgpt.cli.run.RunState} and {@link
 * dev.microgpt.cli.run.Resumption} for the beginning of a run, {@link dev.microgpt.cli.run.CheckpointSaver} for its
 * checkpoints, and {@link dev.microgpt.cli.run.MemoryNeed} and {@link dev.microgpt.cli.run.WorkEstimate} for the
 * estimates.
 */
@NullMarked
package dev.microgpt.cli.run;

import org.jspecify.annotations.NullMarked;

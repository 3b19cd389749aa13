package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.folder.RunCheckpoints;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.Trainer;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.Replay;
import dev.microgpt.train.data.BatchSource;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A run that is repeated from its nearest checkpoint before some step, or else from its beginning.
 *
 * @param run     the run, which has done the steps up to there
 * @param batches its batches
 * @param replay  what repeats it from its beginning; null if it was repeated from a checkpoint
 */
public record RunReplay(
        Replay.Run run, BatchSource batches, @Nullable Replay replay) {
    /**
     * Repeats a run.
     *
     * @param steps  the number of steps to do
     * @param saved  a checkpoint of the run
     * @param data   its data
     * @param random shuffled that data
     * @param terminal is warned of damaged checkpoints in the folder, which are skipped
     * @throws IllegalArgumentException if no checkpoint is early enough and the beginning is gone, as with a run that
     *     began with the weights of another model
     */
    public static RunReplay after(int steps, SavedRun saved, TrainingData data, PythonRandom random, Terminal terminal)
            throws IOException {
        Checkpoint end = saved.checkpoint();
        BatchSource batches = data.batches(
                end.model().config().blockSize(),
                end.training().batchSize(),
                end.training().seed());
        Checkpoint nearest = nearest(steps, saved, terminal);
        if (nearest == null) {
            Replay replay = Replay.of(end, batches, random);
            Replay.Run run = replay.newRun();
            run.trainer().run(steps);
            return new RunReplay(run, batches, replay);
        }
        Trainer trainer = new Trainer(nearest.model(), batches, nearest.optimizer(), end.training());
        trainer.resumeAt(nearest.step());
        trainer.run(steps);
        return new RunReplay(new Replay.Run(nearest.model(), nearest.optimizer(), trainer), batches, null);
    }

    /** Returns the latest checkpoint of the same run up to a number of steps; null if there is none. */
    private static @Nullable Checkpoint nearest(int steps, SavedRun saved, Terminal terminal) throws IOException {
        Checkpoint end = saved.checkpoint();
        Checkpoint nearest = end.step() <= steps ? end : null;
        Path folder = saved.file().toAbsolutePath().getParent();
        if (folder == null) {
            return nearest;
        }
        for (Path file : new RunCheckpoints(folder).all()) {
            int step = RunCheckpoints.verified(file, terminal);
            if (step < 0 || step > steps || nearest != null && step <= nearest.step()) {
                continue;
            }
            Checkpoint other = Checkpoint.load(file);
            boolean isOfTheRun = other.training().equals(end.training())
                    && other.data().equals(end.data())
                    && other.random().equals(end.random())
                    && other.model().config().equals(end.model().config());
            nearest = isOfTheRun ? other : nearest;
        }
        return nearest;
    }
}

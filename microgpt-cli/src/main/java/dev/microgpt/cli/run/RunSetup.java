package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.Failures;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.IOException;

/**
 * What the saving of a checkpoint needs beforehand, done beside the training instead of after it: the hash of the data,
 * and a rehearsal. Both take long the first time; a short run would spend a quarter of its time on them. So it is with
 * the name of the process, for others that want the folder.
 */
final class RunSetup extends Thread {
    private final TrainingData data;
    private final RunFolder folder;
    private final Terminal terminal;

    RunSetup(TrainingData data, RunFolder folder, Terminal terminal) {
        super("preparation of the checkpoint");
        setDaemon(true);
        this.data = data;
        this.folder = folder;
        this.terminal = terminal;
    }

    /** Waits until it is done, so that nothing of it is left in the folder. */
    void finish() {
        boolean interrupted = false;
        while (isAlive()) {
            try {
                join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            folder.sign();
            data.sha256();
            Checkpoint.rehearseSave(folder.path());
        } catch (IOException failure) {
            terminal.complain("microgpt: warning: a checkpoint could not be saved now: " + Failures.describe(failure));
        } catch (OutOfMemoryError failure) {
            terminal.complain("microgpt: warning: a checkpoint could not be saved now: out of memory");
        }
    }
}

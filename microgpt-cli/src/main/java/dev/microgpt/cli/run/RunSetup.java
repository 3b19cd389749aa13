package dev.microgpt.cli.run;

import dev.microgpt.cli.data.TrainingData;
import dev.microgpt.cli.failure.Failures;
import dev.microgpt.cli.folder.RunFolder;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.IOException;

/**
 * Prepares the first checkpoint in the background while training starts: signs the lock of the folder, hashes the data
 * and rehearses a save. A short run would otherwise spend a quarter of its time on these.
 */
final class RunSetup extends Thread {
    private final TrainingData data;
    private final RunFolder folder;
    private final Terminal terminal;

    RunSetup(TrainingData data, RunFolder folder, Terminal terminal) {
        super("run setup");
        setDaemon(true);
        this.data = data;
        this.folder = folder;
        this.terminal = terminal;
    }

    /** Waits until it is complete and has removed its files from the folder. */
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
            Checkpoint.rehearseSave(folder.workPath());
        } catch (IOException failure) {
            warn(Failures.describe(failure));
        } catch (OutOfMemoryError failure) {
            warn("out of memory");
        }
    }

    private void warn(String reason) {
        terminal.complain("microgpt: warning: a checkpoint could not be saved now: " + reason);
    }
}

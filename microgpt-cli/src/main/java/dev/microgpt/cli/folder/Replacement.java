package dev.microgpt.cli.folder;

import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.internal.disk.AtomicFile;
import dev.microgpt.train.internal.disk.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/**
 * The replacement of a finished run by a new one in the same folder.
 *
 * <p>The new run writes to a subfolder until it ends, so that the files of the finished run stay whatever interrupts
 * the new one. Then its files take their place, see {@link #commit}.
 */
final class Replacement {
    static final String UNFINISHED = "unfinished";

    // the last checkpoint in the subfolder, once nothing of the finished run is left but its last checkpoint
    private static final String COMPLETE = "complete.safetensors";

    private final Path home;
    private final Path place;
    private final RunCheckpoints former;
    private final RunCheckpoints checkpoints;

    Replacement(Path home) {
        this.home = home;
        place = home.resolve(UNFINISHED);
        former = new RunCheckpoints(home);
        checkpoints = new RunCheckpoints(place);
    }

    /** Returns the subfolder of the new run. */
    Path place() {
        return place;
    }

    /** Returns the checkpoints of the new run. */
    RunCheckpoints checkpoints() {
        return checkpoints;
    }

    /** Returns whether there is a new run that has saved something. */
    boolean isBegun() {
        return !checkpoints.all().isEmpty();
    }

    /** Returns whether the folder has a finished run. */
    boolean isNeeded() {
        try {
            return Files.exists(former.last()) && Checkpoint.isFinishedIn(former.last());
        } catch (IOException damaged) {
            return false;
        }
    }

    /** Creates the subfolder. */
    void begin() throws IOException {
        Files.createDirectories(place);
        Disk.operations().syncFolder(home);
    }

    /**
     * Copies what a run needs that repeats the steps after a given one: the metrics and the checkpoints up to that
     * step, from which it could be resumed after a crash, in the order in which they were written. A damaged checkpoint
     * is left out.
     */
    void copyUpTo(int step) throws IOException {
        for (Path metrics : new Path[] {RunFolder.metrics(home), RunFolder.events(home)}) {
            if (Files.exists(metrics)) {
                copy(metrics);
            }
        }
        List<Path> oldestFirst = former.all();
        Collections.reverse(oldestFirst);
        for (Path file : oldestFirst) {
            if (stepIn(file) <= step) {
                copy(file);
            }
        }
    }

    private static int stepIn(Path file) {
        try {
            return Checkpoint.stepIn(file);
        } catch (IOException damaged) {
            return Integer.MAX_VALUE;
        }
    }

    private void copy(Path file) throws IOException {
        AtomicFile.replace(place.resolve(file.getFileName()), out -> Files.copy(file, out));
    }

    /**
     * Replaces the files of the finished run by those of the new one, which has ended. After a crash in between, the
     * next run in the folder completes it. The last checkpoint of the finished run goes last.
     */
    void commit() throws IOException {
        RunFolder.deleteAllButLast(home);
        Disk.operations().syncFolder(home); // what is deleted must not reappear among the files of the new run
        Disk.operations().rename(checkpoints.last(), place.resolve(COMPLETE));
        Disk.operations().syncFolder(place);
        moveAll();
        deleteIfEmpty();
    }

    /** Completes a replacement that a crash interrupted; returns false if there is none. */
    boolean completeAfterCrash() throws IOException {
        if (Files.exists(place.resolve(COMPLETE))) {
            moveAll();
            return true;
        }
        return false;
    }

    private void moveAll() throws IOException {
        List<Path> files = checkpoints.all();
        files.addAll(List.of(RunFolder.metrics(place), RunFolder.events(place), RunFolder.report(place)));
        for (Path file : files) {
            if (Files.exists(file)) {
                Disk.operations().rename(file, home.resolve(file.getFileName()));
            }
        }
        Disk.operations().syncFolder(home);
        Disk.operations().rename(place.resolve(COMPLETE), former.last());
        Disk.operations().syncFolder(home);
    }

    /** Deletes the subfolder of a new run that has saved nothing. */
    void deleteIfEmpty() throws IOException {
        String[] files = place.toFile().list();
        if (files != null && files.length == 0) {
            Disk.operations().delete(place);
        }
    }
}

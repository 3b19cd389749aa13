package dev.microgpt.cli.folder;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.checkpoint.CheckpointException;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.safetensors.SafetensorsException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The folder that holds the files of one run, or of a finished one and a new one, see {@link Replacement}. */
public final class RunFolder {
    // weight and two moments, which make up nearly all of a checkpoint
    private static final int BYTES_PER_PARAMETER = 3 * Double.BYTES;

    // header and random state
    private static final int OTHER_BYTES = 1 << 14;

    // a concurrent training run may delete the newest checkpoint before it can be read
    private static final int ATTEMPTS = 10;

    private final Path home;
    private final Replacement replacement;
    private Path folder;
    private RunCheckpoints checkpoints;
    private boolean startsAnew;
    private int repeatsAfter = -1;
    private boolean replaces;
    private @Nullable FolderLock lock;

    public RunFolder(Path folder) {
        home = folder;
        replacement = new Replacement(folder);
        this.folder = folder;
        this.checkpoints = new RunCheckpoints(folder);
    }

    /**
     * Returns the folder of a run to resume: a new run next to a finished one if there is such a run.
     *
     * @param named the folder, or the subfolder of the new run in it
     */
    public static RunFolder toResume(Path named) {
        boolean inside = named.endsWith(Replacement.UNFINISHED)
                && Files.exists(new RunCheckpoints(named.resolveSibling("")).last());
        Path parent = named.getParent();
        RunFolder run = new RunFolder(!inside ? named : parent == null ? Path.of(".") : parent);
        if (inside || run.replacement.isBegun()) {
            run.work(run.replacement.place());
        }
        return run;
    }

    private void work(Path place) {
        folder = place;
        checkpoints = new RunCheckpoints(place);
    }

    /** Returns the folder that the user has named. */
    public Path path() {
        return home;
    }

    /** Returns the folder that the run writes to: the one of the user, or a subfolder of it. */
    public Path workPath() {
        return folder;
    }

    /** Returns whether there is a finished run, which this one replaces once it ends. */
    public boolean isNextToFinished() {
        return !folder.equals(home);
    }

    /** Lets a new run write to a subfolder if the folder has a finished run. */
    public void keepFinished() {
        if (replacement.isNeeded() || replacement.isBegun()) {
            work(replacement.place());
            startsAnew = true;
        }
    }

    /**
     * Lets a run write to a subfolder that is resumed from an earlier checkpoint of a finished run; refuses a run that
     * would end before the finished one did.
     *
     * @param file  the checkpoint to resume from
     * @param step  the step of that checkpoint
     * @param steps the number of steps at which the run ends
     */
    public void keepFinished(Path file, int step, int steps) throws IOException {
        if (isNextToFinished() || !replacement.isNeeded()) {
            return;
        }
        int finished = Checkpoint.stepIn(checkpoints.last());
        if (step >= finished) {
            return;
        }
        if (steps < finished) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "--resume " + file + ": the run would end after step " + steps + ", but would replace the finished"
                            + " run in " + home + ", which has " + finished + " steps",
                    "give --steps " + finished + ", or copy the checkpoint into a folder of its own and resume it"
                            + " there");
        }
        if (replacement.isBegun()) {
            throw FolderCheck.inUse(home, replacement.checkpoints().all().get(0));
        }
        work(replacement.place());
        startsAnew = true;
        repeatsAfter = step;
    }

    /** Replaces the files of the finished run by those of this one, which has ended. */
    public void replaceFinished() throws IOException {
        replacement.commit();
        work(home);
    }

    /** Deletes the subfolder of a new run that has saved nothing. */
    public void deleteEmptySubfolder() throws IOException {
        replacement.deleteIfEmpty();
    }

    /** Returns the checkpoints of a new run next to the finished one. */
    RunCheckpoints unfinished() {
        return replacement.checkpoints();
    }

    /** Returns the path that a file of this run has once the run has ended. */
    public Path finalPath(Path file) {
        return home.resolve(file.getFileName());
    }

    public RunCheckpoints checkpoints() {
        return checkpoints;
    }

    public Path metrics() {
        return metrics(folder);
    }

    static Path metrics(Path folder) {
        return folder.resolve("metrics.jsonl");
    }

    /** Returns the event file of TensorBoard. */
    public Path events() {
        return events(folder);
    }

    static Path events(Path folder) {
        return folder.resolve("metrics.tfevents");
    }

    /** Returns whether a run that is resumed had metrics. */
    public boolean hasMetrics() {
        return Files.exists(metrics()) || repeatsAfter >= 0 && Files.exists(metrics(home));
    }

    public Path report() {
        return report(folder);
    }

    static Path report(Path folder) {
        return folder.resolve("report.html");
    }

    /** Returns the checkpoint that an option names: the file itself, or the newest one in the folder. */
    public static Path checkpointAt(String option, Path fileOrFolder) throws IOException {
        String hint = Files.exists(fileOrFolder.resolve("train.bin"))
                ? "the folder holds data to train on: microgpt train --data " + fileOrFolder
                : "microgpt train creates a checkpoint";
        if (!Files.exists(fileOrFolder)) {
            String path = fileOrFolder.toAbsolutePath().normalize().toString();
            throw new CliException(ExitCode.IO, option + " " + path + ": no such file or folder", hint);
        }
        if (!Files.isDirectory(fileOrFolder)) {
            return fileOrFolder;
        }
        RunCheckpoints checkpoints = new RunCheckpoints(fileOrFolder);
        Path file = checkpoints.newest();
        if (file == null) {
            String expected = String.valueOf(checkpoints.last().getFileName());
            String importHint = ForeignModel.importHint(fileOrFolder);
            throw new CliException(
                    ExitCode.CONTENT,
                    option + " " + fileOrFolder + " is a folder without " + expected,
                    importHint == null ? hint : importHint);
        }
        return file;
    }

    /** Reads something from a checkpoint. */
    @FunctionalInterface
    public interface Reading<T> {
        T of(Path checkpoint) throws IOException;
    }

    /**
     * Reads the checkpoint that an option names: the file itself, or the newest one in the folder. If a training run
     * deletes that file before it is open, there is a newer one.
     */
    public static <T> T read(String option, Path fileOrFolder, Reading<T> reading) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return read(checkpointAt(option, fileOrFolder), reading);
            } catch (NoSuchFileException | FileNotFoundException deleted) {
                if (attempt == ATTEMPTS || !Files.isDirectory(fileOrFolder)) {
                    throw deleted;
                }
            }
        }
    }

    /** Reads something from a checkpoint; a model of another program is refused with the command that imports it. */
    public static <T> T read(Path checkpoint, Reading<T> reading) throws IOException {
        try {
            return reading.of(checkpoint);
        } catch (SafetensorsException | CheckpointException unfit) {
            String importHint = ForeignModel.importHint(checkpoint);
            if (importHint == null) {
                throw unfit;
            }
            throw new CliException(ExitCode.CONTENT, String.valueOf(unfit.getMessage()), importHint);
        }
    }

    /** Estimates the number of parameters in a checkpoint from its size. */
    public static double parameters(Path checkpoint) throws IOException {
        return (double) Files.size(checkpoint) / BYTES_PER_PARAMETER;
    }

    /** Estimates the size in bytes of a checkpoint with this number of parameters. */
    public static long checkpointBytes(long parameters) {
        return BYTES_PER_PARAMETER * parameters + OTHER_BYTES;
    }

    /**
     * Claims the folder for one training run: creates it if missing, locks it, checks that it can be written, which is
     * better known now than after training, and removes partly written files of a crash.
     *
     * @return the lock, to be closed at the end of the run
     */
    public FolderLock take(Terminal terminal) throws IOException {
        if (Files.exists(home) && !Files.isDirectory(home)) {
            throw new CliException(
                    ExitCode.IO, "--out " + home + " is a file, but must be a folder", "choose another --out");
        }
        FolderLock taken = FolderLock.of(home, terminal);
        try {
            probe();
            removePartlyWritten(home);
            removePartlyWritten(replacement.place());
            if (replacement.completeAfterCrash()) {
                work(home);
            }
            replacement.deleteIfEmpty();
            lock = taken;
            return taken;
        } catch (IOException | RuntimeException failure) {
            taken.close();
            throw failure;
        }
    }

    /** Names this process in the lock file. */
    public void sign() throws IOException {
        if (lock != null) {
            lock.sign();
        }
    }

    private void probe() throws IOException {
        Path probe = home.resolve(".checkpoint.probe-" + Long.toHexString(System.nanoTime()));
        Files.write(probe, new byte[0]);
        Disk.operations().delete(probe);
    }

    /** The process that wrote these files has ended: otherwise it would hold the lock. */
    private static void removePartlyWritten(Path place) throws IOException {
        String[] names = place.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            boolean ours = name.startsWith(".checkpoint")
                    || name.startsWith(".best")
                    || name.startsWith(".report")
                    || name.startsWith(".run.json");
            boolean half = name.contains(".safetensors.tmp-")
                    || name.contains(".html.tmp-")
                    || name.contains(".json.tmp-")
                    || name.contains(".probe-");
            if (ours && half || name.startsWith(".rehearsal-") || name.startsWith("..rehearsal-")) {
                Disk.operations().delete(place.resolve(name));
            }
        }
    }

    /** Returns whether {@link #start} will delete the files of another run. */
    public boolean deletes(boolean overwrite) {
        return overwrite || startsAnew;
    }

    /**
     * Makes the folder ready for the first file of this run: removes the files of another run from where this one
     * writes, except for its last checkpoint, which goes once there is a new one.
     *
     * @param overwrite whether the run replaces another one
     */
    public void start(boolean overwrite) throws IOException {
        if (startsAnew) {
            replacement.begin();
        }
        if (deletes(overwrite)) {
            deleteAllButLast(folder);
            replaces = true;
        }
        if (repeatsAfter >= 0) {
            replacement.copyUpTo(repeatsAfter);
        }
    }

    /** Deletes the files of a run, except for its last checkpoint. */
    static void deleteAllButLast(Path folder) throws IOException {
        RunCheckpoints checkpoints = new RunCheckpoints(folder);
        for (Path file : checkpoints.all()) {
            if (!file.equals(checkpoints.last())) {
                Disk.operations().delete(file);
            }
        }
        Disk.operations().delete(metrics(folder));
        Disk.operations().delete(events(folder));
        Disk.operations().delete(report(folder));
    }

    /**
     * Deletes the last checkpoint of the run that this one replaces, durably: after a crash it must not reappear and,
     * having the higher step, be taken for the latest of this run.
     *
     * @param saved the checkpoint just saved
     */
    public void replaceFormer(Path saved) throws IOException {
        if (replaces && !saved.equals(checkpoints.last())) {
            Disk.operations().delete(checkpoints.last());
            Disk.operations().syncFolder(folder);
        }
        replaces = false;
    }
}

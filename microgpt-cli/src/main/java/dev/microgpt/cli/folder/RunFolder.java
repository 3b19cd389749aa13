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
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds the files of one run.
 *
 * <p>A new run in the folder of a finished one writes to a subfolder until it ends, so that the files of the finished
 * run stay whatever interrupts the new one. Then its files take their place, see {@link #replaceFinished}.
 */
public final class RunFolder {
    // weight and two moments, which make up nearly all of a checkpoint
    private static final int BYTES_PER_PARAMETER = 3 * Double.BYTES;

    // header and random state
    private static final int OTHER_BYTES = 1 << 14;

    private static final String UNFINISHED = "unfinished";

    // the last checkpoint in the subfolder, once nothing of the finished run is left but its last checkpoint
    private static final String COMPLETE = "complete.safetensors";

    // a concurrent training run may delete the newest checkpoint before it can be read
    private static final int ATTEMPTS = 10;

    private final Path home;
    private Path folder;
    private RunCheckpoints checkpoints;
    private boolean replaces;
    private @Nullable FolderLock lock;

    public RunFolder(Path folder) {
        home = folder;
        this.folder = folder;
        this.checkpoints = new RunCheckpoints(folder);
    }

    /**
     * Returns the folder of a run to resume: a new run next to a finished one if there is such a run.
     *
     * @param named the folder, or the subfolder of the new run in it
     */
    public static RunFolder toResume(Path named) {
        boolean inside =
                named.endsWith(UNFINISHED) && Files.exists(new RunCheckpoints(named.resolveSibling("")).last());
        Path parent = named.getParent();
        RunFolder run = new RunFolder(!inside ? named : parent == null ? Path.of(".") : parent);
        if (inside || !run.unfinished().all().isEmpty()) {
            run.work(run.home.resolve(UNFINISHED));
        }
        return run;
    }

    private RunCheckpoints unfinished() {
        return new RunCheckpoints(home.resolve(UNFINISHED));
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
        if (isFinished(checkpoints.last()) || !unfinished().all().isEmpty()) {
            work(home.resolve(UNFINISHED));
        }
    }

    private static boolean isFinished(Path file) {
        try {
            return Files.exists(file) && Checkpoint.isFinishedIn(file);
        } catch (IOException damaged) {
            return false;
        }
    }

    /**
     * Replaces the files of the finished run by those of the new one, which has ended. After a crash in between, the
     * next run in the folder completes it. The last checkpoint of the finished run goes last.
     */
    public void replaceFinished() throws IOException {
        new RunFolder(home).clear();
        Disk.operations().syncFolder(home); // what is deleted must not reappear among the files of the new run
        Disk.operations().rename(checkpoints.last(), folder.resolve(COMPLETE));
        Disk.operations().syncFolder(folder);
        completeReplacement();
        deleteEmptySubfolder();
    }

    private void completeReplacement() throws IOException {
        work(home.resolve(UNFINISHED));
        List<Path> files = checkpoints.all();
        files.addAll(List.of(metrics(), report()));
        for (Path file : files) {
            if (Files.exists(file)) {
                Disk.operations().rename(file, finalPath(file));
            }
        }
        Disk.operations().syncFolder(home);
        Disk.operations().rename(folder.resolve(COMPLETE), finalPath(checkpoints.last()));
        Disk.operations().syncFolder(home);
        work(home);
    }

    /** Deletes the subfolder of a new run that has saved nothing. */
    public void deleteEmptySubfolder() throws IOException {
        Path place = home.resolve(UNFINISHED);
        String[] files = place.toFile().list();
        if (files != null && files.length == 0) {
            Disk.operations().delete(place);
        }
    }

    /** Returns the path that a file of this run has once the run has ended. */
    public Path finalPath(Path file) {
        return home.resolve(file.getFileName());
    }

    public RunCheckpoints checkpoints() {
        return checkpoints;
    }

    public Path metrics() {
        return folder.resolve("metrics.jsonl");
    }

    public Path report() {
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
        if (!Files.exists(home)) { // createDirectories refuses a link to a folder before JDK 20
            Files.createDirectories(home);
        }
        FolderLock taken = FolderLock.of(home, terminal);
        try {
            probe();
            removePartlyWritten(home);
            removePartlyWritten(home.resolve(UNFINISHED));
            if (Files.exists(home.resolve(UNFINISHED).resolve(COMPLETE))) {
                completeReplacement();
            }
            deleteEmptySubfolder();
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
            boolean ours = name.startsWith(".checkpoint") || name.startsWith(".best") || name.startsWith(".report");
            boolean half =
                    name.contains(".safetensors.tmp-") || name.contains(".html.tmp-") || name.contains(".probe-");
            if (ours && half || name.startsWith(".rehearsal-") || name.startsWith("..rehearsal-")) {
                Disk.operations().delete(place.resolve(name));
            }
        }
    }

    /**
     * Refuses a folder with another run, which would be lost.
     *
     * <p>A finished run with the same settings and data is not lost: the new one ends with the same weights.
     *
     * @param planned the run that is about to start
     */
    public void checkFree(Plan planned) {
        Path last = checkpoints.last();
        List<Path> found = unfinished().all();
        if (found.isEmpty() && Files.exists(last) && isSameRun(last, planned)) {
            return;
        }
        found.addAll(checkpoints.all());
        if (found.isEmpty()) {
            return;
        }
        Path file = unfinished().all().isEmpty() && Files.exists(last) ? last : found.get(0);
        throw new CliException(
                ExitCode.FOLDER_IN_USE,
                "--out " + home + " already has another run in it, " + home.relativize(file),
                "resume that run with --resume, replace it with --overwrite, or choose another --out");
    }

    /**
     * Refuses to extend a run from a checkpoint that is not its latest, whose files the extension would replace, and a
     * run that another one in the folder will replace when it ends.
     */
    public void checkExtendable(Path file, int step, Terminal terminal) throws IOException {
        if (!isNextToFinished() && !unfinished().all().isEmpty()) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "--extend: the new run in " + home.resolve(UNFINISHED) + " will replace this one when it ends",
                    "finish that run with --resume " + home + ", or move its folder elsewhere");
        }
        Path latest = checkpoints.latest(terminal);
        int last = latest == null ? step : Checkpoint.stepIn(latest);
        if (last > step) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "--extend: " + file + " is from step " + step + ", but must be the latest checkpoint in its folder,"
                            + " which is from step " + last,
                    "extend " + latest + ", or copy the other file to a folder of its own");
        }
    }

    /** Refuses a folder without a checkpoint to resume from. */
    public void checkAnyCheckpoint() {
        if (checkpoints.all().isEmpty()) {
            throw nothingToResume(home, "no checkpoint");
        }
    }

    /**
     * Returns the error for a folder in which no run can be resumed.
     *
     * @param missing the kind of checkpoint that is missing
     */
    public static CliException nothingToResume(Path folder, String missing) {
        String importHint = ForeignModel.importHint(folder);
        return new CliException(
                ExitCode.CONTENT,
                "--resume: there is " + missing + " in " + folder,
                importHint == null ? "give the folder of the run, or start a new run without --resume" : importHint);
    }

    /** Refuses a folder in which something that is not a file has the name of a file of the run. */
    public void checkReplaceable() {
        List<Path> files = checkpoints.all();
        files.addAll(List.of(checkpoints.last(), checkpoints.best(), metrics(), report()));
        for (Path file : files) {
            boolean replaceable = !Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    || Files.isSymbolicLink(file)
                    || Files.isRegularFile(file);
            if (!replaceable) {
                throw new CliException(
                        ExitCode.IO,
                        "--out " + home + ": " + home.relativize(file) + " in it is "
                                + (Files.isDirectory(file) ? "a folder" : "a pipe or a device")
                                + ", but must be an ordinary file if it exists",
                        "move it elsewhere, or choose another --out");
            }
        }
    }

    /** Removes the files of another run from where this one writes; its last checkpoint, once there is a new one. */
    public void clear() throws IOException {
        if (isNextToFinished()) {
            Files.createDirectories(folder);
            Disk.operations().syncFolder(home);
        }
        for (Path file : checkpoints.all()) {
            if (!file.equals(checkpoints.last())) {
                Disk.operations().delete(file);
            }
        }
        Disk.operations().delete(metrics());
        Disk.operations().delete(report());
        replaces = true;
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

    private boolean isSameRun(Path last, Plan planned) {
        try {
            // a checkpoint of a later step is that of an extension
            return last.equals(checkpoints.newest()) && planned.endsIn(Checkpoint.load(last));
        } catch (IOException unreadable) {
            return false; // some other file, which must not be replaced
        }
    }

    /** A run that is about to start. */
    public interface Plan {
        /** Returns whether a checkpoint is the last one of this run. */
        boolean endsIn(Checkpoint checkpoint) throws IOException;
    }
}

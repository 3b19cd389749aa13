package dev.microgpt.cli.folder;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.internal.disk.Disk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The folder that holds the files of one run. */
public final class RunFolder {
    // weight and two moments, which make up nearly all of a checkpoint
    private static final int BYTES_PER_PARAMETER = 3 * Double.BYTES;

    // header and random state
    private static final int OTHER_BYTES = 1 << 14;

    // to read the newest checkpoint, of which a training beside may delete one after the other
    private static final int ATTEMPTS = 10;

    private final Path folder;
    private final RunCheckpoints checkpoints;
    private boolean replaces;
    private @Nullable FolderLock lock;

    public RunFolder(Path folder) {
        this.folder = folder;
        this.checkpoints = new RunCheckpoints(folder);
    }

    public Path path() {
        return folder;
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

    /** Returns the checkpoint that an option means: the file itself, or the newest one in the folder. */
    public static Path checkpointAt(String option, Path fileOrFolder) throws IOException {
        String hint = "microgpt train makes a checkpoint";
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
            throw new CliException(
                    ExitCode.CONTENT, option + " " + fileOrFolder + ": found no " + expected + " in it", hint);
        }
        return file;
    }

    /** What is to be done with a checkpoint. */
    @FunctionalInterface
    public interface Reading<T> {
        T of(Path checkpoint) throws IOException;
    }

    /**
     * Reads the checkpoint that an option means: the file itself, or the newest one in the folder. Where a training
     * deletes that before it is open, there is a newer one.
     */
    public static <T> T read(String option, Path fileOrFolder, Reading<T> reading) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return reading.of(checkpointAt(option, fileOrFolder));
            } catch (NoSuchFileException | FileNotFoundException deleted) {
                if (attempt == ATTEMPTS || !Files.isDirectory(fileOrFolder)) {
                    throw deleted;
                }
            }
        }
    }

    /** Returns about how many parameters a checkpoint has, without reading it. */
    public static double parameters(Path checkpoint) throws IOException {
        return (double) Files.size(checkpoint) / BYTES_PER_PARAMETER;
    }

    /** Returns about how many bytes a checkpoint of so many parameters has. */
    public static long checkpointBytes(long parameters) {
        return BYTES_PER_PARAMETER * parameters + OTHER_BYTES;
    }

    /**
     * Takes the folder for one training: makes it if there is none, keeps others out, finds out now, not after the
     * training, whether it can be written, and removes what a crash left half written.
     *
     * @return to be closed when the training is over
     */
    public FolderLock take(Terminal terminal) throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new CliException(
                    ExitCode.IO, "--out " + folder + ": found a file, expected a folder", "choose another --out");
        }
        if (!Files.exists(folder)) { // a link to a folder is one, which createDirectories denies before JDK 20
            Files.createDirectories(folder);
        }
        FolderLock taken = FolderLock.of(folder, terminal);
        try {
            probe();
            removeHalfWritten();
            lock = taken;
            return taken;
        } catch (IOException | RuntimeException failure) {
            taken.close();
            throw failure;
        }
    }

    /** Lets others know who has taken the folder. */
    public void sign() throws IOException {
        if (lock != null) {
            lock.sign();
        }
    }

    private void probe() throws IOException {
        Path probe = folder.resolve(".checkpoint.probe-" + Long.toHexString(System.nanoTime()));
        Files.write(probe, new byte[0]);
        Disk.operations().delete(probe);
    }

    /** Whoever wrote these files writes no more, for it would have the lock. */
    private void removeHalfWritten() throws IOException {
        String[] names = folder.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            boolean ours = name.startsWith(".checkpoint") || name.startsWith(".best") || name.startsWith(".report");
            boolean half =
                    name.contains(".safetensors.tmp-") || name.contains(".html.tmp-") || name.contains(".probe-");
            if (ours && half || name.startsWith(".rehearsal-") || name.startsWith("..rehearsal-")) {
                Disk.operations().delete(folder.resolve(name));
            }
        }
    }

    /**
     * Refuses a folder with a run that would be lost.
     *
     * <p>The finished run of the very same settings and data is not lost: this one ends with the same weights.
     *
     * @param planned whether a checkpoint that was found is the end of the run that is about to begin
     */
    public void checkFree(Plan planned) {
        Path last = checkpoints.last();
        if (Files.exists(last) && isSameRun(last, planned)) {
            return;
        }
        List<Path> found = checkpoints.all();
        if (found.isEmpty()) {
            return;
        }
        Path file = Files.exists(last) ? last : found.get(0);
        throw new CliException(
                ExitCode.FOLDER_IN_USE,
                "--out " + folder + ": found another run in " + file.getFileName() + ", expected a folder without one",
                "give --resume to go on with that run, --overwrite to replace it, or choose another --out");
    }

    /** Refuses a folder without anything to go on from. */
    public void checkAnyCheckpoint() {
        if (checkpoints.all().isEmpty()) {
            throw nothingToResume(folder, "no checkpoint");
        }
    }

    public static CliException nothingToResume(Path folder, String found) {
        return new CliException(
                ExitCode.CONTENT,
                "--resume: found " + found + " in " + folder + ", expected the latest of a run",
                "name the folder of the run, or begin one without --resume");
    }

    /** Removes what another run left besides its last checkpoint, which goes when there is a new one. */
    public void clear() throws IOException {
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
     * Lets go what a new checkpoint replaces: the last one of the former run, which is not the latest of this one, whatever
     * its step. It does not come back after a crash.
     *
     * @param saved was saved just now
     */
    public void replaceFormer(Path saved) throws IOException {
        if (replaces && !saved.equals(checkpoints.last())) {
            Disk.operations().delete(checkpoints.last());
            Disk.operations().syncFolder(folder);
        }
        replaces = false;
    }

    private static boolean isSameRun(Path file, Plan planned) {
        try {
            return planned.endsIn(Checkpoint.load(file));
        } catch (IOException unreadable) {
            return false; // whatever it is, it is not ours to replace
        }
    }

    /** The run that is about to begin. */
    public interface Plan {
        /** Returns whether a checkpoint is the last one of this run. */
        boolean endsIn(Checkpoint checkpoint) throws IOException;
    }
}

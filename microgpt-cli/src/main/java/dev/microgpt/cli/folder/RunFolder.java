package dev.microgpt.cli.folder;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.internal.disk.Disk;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

    // a concurrent training run may delete the newest checkpoint before it can be read
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

    /** Returns the checkpoint that an option names: the file itself, or the newest one in the folder. */
    public static Path checkpointAt(String option, Path fileOrFolder) throws IOException {
        String hint = "microgpt train creates a checkpoint";
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
                    ExitCode.CONTENT, option + " " + fileOrFolder + " is a folder without " + expected, hint);
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
                return reading.of(checkpointAt(option, fileOrFolder));
            } catch (NoSuchFileException | FileNotFoundException deleted) {
                if (attempt == ATTEMPTS || !Files.isDirectory(fileOrFolder)) {
                    throw deleted;
                }
            }
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
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new CliException(
                    ExitCode.IO, "--out " + folder + " is a file, but must be a folder", "choose another --out");
        }
        if (!Files.exists(folder)) { // createDirectories refuses a link to a folder before JDK 20
            Files.createDirectories(folder);
        }
        FolderLock taken = FolderLock.of(folder, terminal);
        try {
            probe();
            removePartlyWritten();
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
        Path probe = folder.resolve(".checkpoint.probe-" + Long.toHexString(System.nanoTime()));
        Files.write(probe, new byte[0]);
        Disk.operations().delete(probe);
    }

    /** The process that wrote these files has ended: otherwise it would hold the lock. */
    private void removePartlyWritten() throws IOException {
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
     * Refuses a folder with another run, which would be lost.
     *
     * <p>A finished run with the same settings and data is not lost: the new one ends with the same weights.
     *
     * @param planned the run that is about to start
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
                "--out " + folder + " already has another run in it, " + file.getFileName(),
                "resume that run with --resume, replace it with --overwrite, or choose another --out");
    }

    /** Refuses a folder without a checkpoint to resume from. */
    public void checkAnyCheckpoint() {
        if (checkpoints.all().isEmpty()) {
            throw nothingToResume(folder, "no checkpoint");
        }
    }

    /**
     * Returns the error for a folder in which no run can be resumed.
     *
     * @param missing the kind of checkpoint that is missing
     */
    public static CliException nothingToResume(Path folder, String missing) {
        return new CliException(
                ExitCode.CONTENT,
                "--resume: there is " + missing + " in " + folder,
                "give the folder of the run, or start a new run without --resume");
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
                        "--out " + folder + ": " + file.getFileName() + " in it is "
                                + (Files.isDirectory(file) ? "a folder" : "a pipe or a device")
                                + ", but must be an ordinary file if it exists",
                        "move it elsewhere, or choose another --out");
            }
        }
    }

    /** Removes the files of another run, but keeps its last checkpoint until there is a new one. */
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

    private static boolean isSameRun(Path file, Plan planned) {
        try {
            return planned.endsIn(Checkpoint.load(file));
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

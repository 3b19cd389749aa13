package dev.microgpt.cli.folder;

import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.safetensors.TensorFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;

/** Refuses a folder in which a run would lose something, before it changes anything. */
public final class FolderCheck {
    private final RunFolder folder;
    private final Path home;

    public FolderCheck(RunFolder folder) {
        this.folder = folder;
        home = folder.path();
    }

    /** A run that is about to start. */
    public interface Plan {
        /** Returns whether a checkpoint is the last one of this run. */
        boolean endsIn(Checkpoint checkpoint) throws IOException;
    }

    /**
     * Refuses a folder with another run, which would be lost.
     *
     * <p>A finished run with the same settings and data is not lost: the new one ends with the same weights.
     *
     * @param planned the run that is about to start
     */
    public void isFree(Plan planned) {
        List<Path> unfinished = folder.unfinished().all();
        if (!unfinished.isEmpty()) {
            throw inUse(home, unfinished.get(0));
        }
        Path last = folder.checkpoints().last();
        List<Path> found = folder.checkpoints().all();
        if (!found.isEmpty() && !(Files.exists(last) && isSameRun(last, planned))) {
            throw inUse(home, Files.exists(last) ? last : found.get(0));
        }
    }

    private boolean isSameRun(Path last, Plan planned) {
        try {
            // a checkpoint of a later step is that of an extension
            return last.equals(folder.checkpoints().newest()) && planned.endsIn(Checkpoint.load(last));
        } catch (IOException unreadable) {
            return false; // some other file, which must not be replaced
        }
    }

    /** Returns the refusal of a folder with another run. */
    static CliException inUse(Path folder, Path file) {
        return new CliException(
                ExitCode.FOLDER_IN_USE,
                "--out " + folder + " already has another run in it, " + folder.relativize(file),
                "resume that run with --resume, replace it with --overwrite, or choose another --out");
    }

    /**
     * Refuses to extend a run from a checkpoint that is not its latest, whose files the extension would replace, and a
     * run that another one in the folder will replace when it ends.
     *
     * @param file the checkpoint
     * @param step its step
     */
    public void isExtendable(Path file, int step, Terminal terminal) throws IOException {
        if (!folder.isNextToFinished() && !folder.unfinished().all().isEmpty()) {
            throw new CliException(
                    ExitCode.FOLDER_IN_USE,
                    "--extend: the new run in " + home.resolve(Replacement.UNFINISHED)
                            + " will replace this one when it ends",
                    "finish that run with --resume " + home + ", or move its folder elsewhere");
        }
        Path latest = folder.checkpoints().latest(terminal);
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
    public void hasCheckpoint() {
        if (folder.checkpoints().all().isEmpty()) {
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
    public void hasOnlyFiles() {
        RunCheckpoints checkpoints = folder.checkpoints();
        List<Path> files = checkpoints.all();
        files.addAll(
                List.of(checkpoints.last(), checkpoints.best(), folder.metrics(), folder.events(), folder.report()));
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

    /**
     * Refuses a folder in which a file has the name of a checkpoint, so that the run would delete or replace it, but is
     * not one of a training run: another program or the user has put it there.
     *
     * @param resumes whether the run is resumed, which skips damaged checkpoints: then only a file that certainly is
     *     something else is refused
     */
    public void hasOnlyCheckpoints(boolean resumes) throws IOException {
        List<Path> files = new RunCheckpoints(home).all();
        files.addAll(folder.unfinished().all());
        for (Path file : files) {
            if (Files.isSymbolicLink(file)) {
                continue; // it is deleted or replaced, not what it leads to
            }
            if (!Checkpoint.isRecognized(file) && !(resumes && isDamaged(file))) {
                throw new CliException(
                        ExitCode.FOLDER_IN_USE,
                        "--out " + home + ": " + home.relativize(file) + " in it is not a checkpoint of a training run,"
                                + " which a run may delete or replace",
                        "move it elsewhere, or choose another --out");
            }
        }
    }

    private static boolean isDamaged(Path file) {
        try {
            TensorFile.open(file).close();
            return false;
        } catch (IOException damaged) {
            return true;
        }
    }
}

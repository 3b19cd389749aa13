package dev.microgpt.cli;

import dev.microgpt.train.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that holds the files of one run. */
final class RunFolder {
    private static final String CHECKPOINT = "checkpoint.safetensors";

    // weight and two moments, which make up nearly all of a checkpoint
    private static final int BYTES_PER_PARAMETER = 3 * Double.BYTES;

    private final Path folder;

    RunFolder(Path folder) {
        this.folder = folder;
    }

    Path path() {
        return folder;
    }

    /** The model after the last step. */
    Path checkpoint() {
        return folder.resolve(CHECKPOINT);
    }

    /** The model when it was measured to be at its best. */
    Path best() {
        return folder.resolve("best.safetensors");
    }

    Path metrics() {
        return folder.resolve("metrics.jsonl");
    }

    Path report() {
        return folder.resolve("report.html");
    }

    /** Returns the checkpoint that an option means: the file itself, or the one in the folder. */
    static Path checkpointAt(String option, Path fileOrFolder) {
        String hint = "microgpt train makes a checkpoint";
        if (!Files.exists(fileOrFolder)) {
            String path = fileOrFolder.toAbsolutePath().normalize().toString();
            throw new CliException(ExitCode.IO, option + " " + path + ": no such file or folder", hint);
        }
        if (!Files.isDirectory(fileOrFolder)) {
            return fileOrFolder;
        }
        Path file = fileOrFolder.resolve(CHECKPOINT);
        if (!Files.exists(file)) {
            throw new CliException(
                    ExitCode.CONTENT, option + " " + fileOrFolder + ": found no " + CHECKPOINT + " in it", hint);
        }
        return file;
    }

    /** Returns about how many parameters a checkpoint has, without reading it. */
    static double parameters(Path checkpoint) throws IOException {
        return (double) Files.size(checkpoint) / BYTES_PER_PARAMETER;
    }

    /** Makes the folder if there is none and finds out now, not after the training, whether it can be written. */
    void prepare() throws IOException {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new CliException(
                    ExitCode.IO, "--out " + folder + ": found a file, expected a folder", "choose another --out");
        }
        Files.createDirectories(folder);
        Path probe = folder.resolve("." + CHECKPOINT + ".probe-" + Long.toHexString(System.nanoTime()));
        Files.write(probe, new byte[0]);
        Files.deleteIfExists(probe);
    }

    /**
     * Refuses a folder with a run that would be lost.
     *
     * <p>The finished run of the very same settings and data is not lost: this one ends with the same bytes.
     *
     * @param planned whether a checkpoint that was found is the end of the run that is about to begin
     */
    void checkFree(Plan planned) {
        // a run that was broken off may have its best model only
        Path file = Files.exists(checkpoint()) ? checkpoint() : best();
        if (!Files.exists(file) || isSameRun(file, planned)) {
            return;
        }
        throw new CliException(
                ExitCode.FOLDER_IN_USE,
                "--out " + folder + ": found another run in " + file.getFileName() + ", expected a folder without one",
                "choose another --out, or give --overwrite to replace that run");
    }

    /** Removes what another run left besides its last checkpoint, which is replaced as a whole at the end of the next. */
    void clear() throws IOException {
        Files.deleteIfExists(best());
        Files.deleteIfExists(metrics());
        Files.deleteIfExists(report());
    }

    private static boolean isSameRun(Path file, Plan planned) {
        try {
            return planned.endsIn(Checkpoint.load(file));
        } catch (IOException unreadable) {
            return false; // whatever it is, it is not ours to replace
        }
    }

    /** The run that is about to begin. */
    interface Plan {
        /** Returns whether a checkpoint is the last one of this run. */
        boolean endsIn(Checkpoint checkpoint) throws IOException;
    }
}

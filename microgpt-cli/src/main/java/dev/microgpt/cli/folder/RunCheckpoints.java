package dev.microgpt.cli.folder;

import dev.microgpt.cli.terminal.Terminal;
import dev.microgpt.train.checkpoint.Checkpoint;
import dev.microgpt.train.internal.disk.Disk;
import dev.microgpt.train.internal.disk.SystemReason;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints in the folder of a run: the last one, the best one, and the periodic ones, whose names contain the
 * step.
 */
public final class RunCheckpoints {
    private static final String PREFIX = "checkpoint-";
    private static final String SUFFIX = ".safetensors";

    // alphabetical order is the order of steps up to 99,999,999
    private static final int DIGITS = 8;

    private final Path folder;

    public RunCheckpoints(Path folder) {
        this.folder = folder;
    }

    /** Returns the checkpoint of the state in which a run ended or was stopped. */
    public Path last() {
        return folder.resolve("checkpoint" + SUFFIX);
    }

    /** Returns the checkpoint of the model with the lowest validation loss. */
    public Path best() {
        return folder.resolve("best" + SUFFIX);
    }

    /** Returns the periodic checkpoint after a step. */
    public Path after(int step) {
        String digits = Integer.toString(step);
        return folder.resolve(PREFIX + "0".repeat(Math.max(0, DIGITS - digits.length())) + digits + SUFFIX);
    }

    /** Returns all existing checkpoints: the periodic ones from the highest step down, then the last and the best. */
    public List<Path> all() {
        List<Path> files = periodic();
        for (Path file : new Path[] {last(), best()}) {
            if (Files.exists(file)) {
                files.add(file);
            }
        }
        return files;
    }

    /** Returns the existing periodic checkpoints, the highest step first. */
    List<Path> periodic() {
        List<Integer> steps = new ArrayList<>();
        // not Files.list: loading its stream classes would take milliseconds at startup
        String[] names = folder.toFile().list();
        for (String name : names == null ? new String[0] : names) {
            int step = step(name);
            if (step >= 0) {
                steps.add(step);
            }
        }
        Collections.sort(steps, Collections.reverseOrder());
        List<Path> files = new ArrayList<>();
        for (int step : steps) {
            files.add(after(step));
        }
        return files;
    }

    /** Returns the step in the name of a periodic checkpoint, or -1 for any other name. */
    private int step(String name) {
        int length = name.length() - PREFIX.length() - SUFFIX.length();
        if (length < DIGITS || length > DIGITS + 2 || !name.startsWith(PREFIX) || !name.endsWith(SUFFIX)) {
            return -1;
        }
        long step = 0;
        for (int i = PREFIX.length(); i < PREFIX.length() + length; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            step = 10 * step + digit;
        }
        boolean ours = step <= Integer.MAX_VALUE
                && name.equals(after((int) step).toFile().getName());
        return ours ? (int) step : -1;
    }

    /**
     * Returns the undamaged checkpoint with the highest step, or null if there is none; warns of each damaged one that
     * it skips.
     */
    @Nullable
    public Path latest(Terminal terminal) throws IOException {
        Path latest = null;
        int highest = -1;
        for (Path file : periodic()) {
            int step = verified(file, terminal);
            if (step >= 0) {
                latest = file;
                highest = step;
                break;
            }
        }
        for (Path file : new Path[] {last(), best()}) {
            int step = Files.exists(file) ? verified(file, terminal) : -1;
            if (step > highest) {
                latest = file;
                highest = step;
            }
        }
        return latest;
    }

    /**
     * Returns the checkpoint with the highest step, the best one if there is no other, or null if there is none. It may
     * be damaged: reading it then fails, which is better than silently reading an older model.
     */
    @Nullable
    Path newest() throws IOException {
        List<Path> periodic = periodic();
        if (periodic.isEmpty()) {
            return Files.exists(last()) ? last() : Files.exists(best()) ? best() : null;
        }
        Path newest = periodic.get(0);
        boolean stoppedLater = Files.exists(last()) && Checkpoint.stepIn(last()) >= Checkpoint.stepIn(newest);
        return stoppedLater ? last() : newest;
    }

    /** Returns the step of a checkpoint, or −1 if it is damaged, after a warning. */
    public static int verified(Path file, Terminal terminal) {
        try {
            return Checkpoint.stepIn(file);
        } catch (IOException damaged) {
            String why = damaged instanceof FileSystemException ? SystemReason.of(damaged, file) : damaged.getMessage();
            terminal.complain("microgpt: warning: skipping " + file + ": " + why);
            return -1;
        }
    }

    /**
     * Deletes old periodic checkpoints.
     *
     * @param saved the checkpoint just saved; if it is damaged, nothing is deleted
     * @param kept  the number of checkpoints to keep, those with the highest steps; at least 1
     */
    public void rotate(Path saved, int kept, Terminal terminal) throws IOException {
        List<Path> files = periodic();
        if (files.size() <= kept || verified(saved, terminal) < 0) {
            return;
        }
        for (Path file : files.subList(kept, files.size())) {
            if (!file.equals(saved)) {
                Disk.operations().delete(file);
            }
        }
    }
}

package dev.microgpt.cli.folder;

import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;

/**
 * The disk space that the checkpoints of a run need.
 *
 * @param files           the largest number of checkpoints in the folder at the end of a step
 * @param checkpointBytes the size of a checkpoint in bytes
 */
public record DiskNeed(long files, long checkpointBytes) {
    /**
     * Returns the need of a run.
     *
     * @param parameters the number of parameters of the model
     * @param stepsLeft  the number of steps from here to the end
     * @param interval   the number of steps between two periodic checkpoints
     * @param kept       the number of periodic checkpoints to keep
     * @param best       whether the best model is saved as well
     */
    public static DiskNeed of(long parameters, int stepsLeft, int interval, int kept, boolean best) {
        long files = Math.min(kept, stepsLeft / interval) + 1L + (best ? 1 : 0);
        return new DiskNeed(files, RunFolder.checkpointBytes(parameters));
    }

    /** Warns if these files and the temporary one of a save do not fit on the disk. */
    public void warn(RunFolder folder, Terminal terminal) {
        long more = Math.max(0, files - folder.checkpoints().all().size()) + 1;
        long free = folder.path().toFile().getUsableSpace(); // 0 if unknown
        if (free > 0 && free / checkpointBytes < more) {
            terminal.complain("microgpt: warning: --out " + folder.path() + ": only " + Format.grouped(free)
                    + " bytes are free, but " + more + " more checkpoints need "
                    + Format.fixed((double) more * checkpointBytes, 0) + "; free some space, or lower --keep");
        }
    }
}

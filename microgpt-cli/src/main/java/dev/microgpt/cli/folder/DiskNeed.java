package dev.microgpt.cli.folder;

import dev.microgpt.cli.terminal.Format;
import dev.microgpt.cli.terminal.Terminal;

/**
 * The space that the checkpoints of a run take on the disk.
 *
 * @param files           how many the folder holds at most at the end of a step
 * @param checkpointBytes the size of one
 */
public record DiskNeed(long files, long checkpointBytes) {
    /**
     * Counts the files.
     *
     * @param parameters of the model
     * @param stepsLeft  from here to the end
     * @param interval   steps between two periodic checkpoints
     * @param kept       how many of these stay
     * @param best       whether there is a checkpoint of the best model
     */
    public static DiskNeed of(long parameters, int stepsLeft, int interval, int kept, boolean best) {
        long files = Math.min(kept, stepsLeft / interval) + 1L + (best ? 1 : 0);
        return new DiskNeed(files, RunFolder.checkpointBytes(parameters));
    }

    /** Says so, if the disk has less space than these files and the one that is being written will take. */
    public void warn(RunFolder folder, Terminal terminal) {
        long more = Math.max(0, files - folder.checkpoints().all().size()) + 1;
        long free = folder.path().toFile().getUsableSpace(); // 0 where nobody knows
        if (free > 0 && free / checkpointBytes < more) {
            terminal.complain("microgpt: warning: --out " + folder.path() + ": found " + Format.grouped(free)
                    + " bytes free, expected " + Format.fixed((double) more * checkpointBytes, 0) + " for " + more
                    + " more checkpoints; make room, or lower --keep");
        }
    }
}

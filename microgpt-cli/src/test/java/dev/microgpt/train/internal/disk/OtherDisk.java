package dev.microgpt.train.internal.disk;

/** Until it is closed, this process uses another disk. */
public final class OtherDisk {
    private final FileOperations before;

    private OtherDisk(FileOperations before) {
        this.before = before;
    }

    /** Uses a disk from now on. */
    public static OtherDisk use(FileOperations disk) {
        return new OtherDisk(Disk.use(disk));
    }

    /** Uses the disk from before again. */
    public void close() {
        Disk.use(before);
    }
}

package dev.microgpt.train.internal;

/** While it is open, this process uses another disk. */
public final class OtherDisk implements AutoCloseable {
    private final FileOperations before;

    private OtherDisk(FileOperations before) {
        this.before = before;
    }

    /** Uses a disk from now on. */
    public static OtherDisk use(FileOperations disk) {
        return new OtherDisk(Disk.use(disk));
    }

    @Override
    public void close() {
        Disk.use(before);
    }
}

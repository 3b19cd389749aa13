package dev.microgpt.train.internal.disk;

/** Where this process keeps its files. */
public final class Disk {
    private static volatile FileOperations operations = new SystemFiles();

    private Disk() {}

    /** Returns what every file that must not be lost is written and deleted through. */
    public static FileOperations operations() {
        return operations;
    }

    /**
     * From now on uses another disk, such as one that fails; a test's own.
     *
     * @return the one before, to be used again
     */
    static FileOperations use(FileOperations other) {
        FileOperations before = operations;
        operations = other;
        return before;
    }
}

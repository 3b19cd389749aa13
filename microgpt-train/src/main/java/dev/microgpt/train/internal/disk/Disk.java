package dev.microgpt.train.internal.disk;

/** The file operations of this process, replaceable by tests. */
public final class Disk {
    private static volatile FileOperations operations = new SystemFiles();

    private Disk() {}

    /**
     * Returns the operations through which every file that must not be lost is written and deleted. Every failure names
     * the file.
     */
    public static FileOperations operations() {
        return new NamedOperations(operations);
    }

    /**
     * Replaces the operations, for tests: for example by a disk that fails.
     *
     * @return the previous operations, to be restored
     */
    static FileOperations use(FileOperations other) {
        FileOperations before = operations;
        operations = other;
        return before;
    }
}

package dev.microgpt.cli;

import dev.microgpt.train.internal.disk.FileOperations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The real disk, on which one operation fails. */
class FailingDisk implements FileOperations {
    /** What happened at one operation. */
    record Operation(String what, Path file, long offset, int length) {
        boolean isWrite() {
            return what.equals("write");
        }
    }

    /** How the operation fails. */
    interface Failure {
        /** Throws instead of the operation, or after half of it. */
        void happen() throws IOException;
    }

    private final FileOperations real;
    private final int failing;
    private final int bytes;
    private final boolean cleanUpFails;
    private final Failure failure;
    private final List<Operation> operations = new ArrayList<>();

    /**
     * @param failing      the number of the operation that fails, or one that never comes
     * @param bytes        if it is a write, how many bytes are written all the same
     * @param cleanUpFails whether deleting fails too from then on
     */
    FailingDisk(FileOperations real, int failing, int bytes, boolean cleanUpFails, Failure failure) {
        this.real = real;
        this.failing = failing;
        this.bytes = bytes;
        this.cleanUpFails = cleanUpFails;
        this.failure = failure;
    }

    /** Returns what was asked of the disk, the operation that failed and those after it, too. */
    List<Operation> operations() {
        return operations;
    }

    private boolean fails(String what, Path file, long offset, int length) {
        operations.add(new Operation(what, file, offset, length));
        boolean late = operations.size() - 1 > failing;
        return operations.size() - 1 == failing || late && cleanUpFails && what.equals("delete");
    }

    private void check(String what, Path file) throws IOException {
        if (fails(what, file, 0, 0)) {
            failure.happen();
        }
    }

    @Override
    public NewFile create(Path file) throws IOException {
        check("create", file);
        return new FailingFile(real.create(file), file);
    }

    @Override
    public void rename(Path file, Path target) throws IOException {
        check("rename", target);
        real.rename(file, target);
    }

    @Override
    public void delete(Path file) throws IOException {
        check("delete", file);
        real.delete(file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        check("syncFolder", folder);
        real.syncFolder(folder);
    }

    private final class FailingFile extends NewFile {
        private final NewFile out;
        private final Path file;
        private long written;

        FailingFile(NewFile out, Path file) {
            this.out = out;
            this.file = file;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] content, int from, int count) throws IOException {
            if (fails("write", file, written, count)) {
                out.write(content, from, bytes);
                failure.happen();
            }
            out.write(content, from, count);
            written += count;
        }

        @Override
        public void sync() throws IOException {
            check("sync", file);
            out.sync();
        }

        @Override
        public void close() throws IOException {
            out.close();
            check("close", file);
        }
    }
}

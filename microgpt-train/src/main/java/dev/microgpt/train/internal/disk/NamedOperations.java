package dev.microgpt.train.internal.disk;

import java.io.IOException;
import java.nio.file.Path;

/** The same operations; if one fails, the exception names the file, which that of a write or a sync does not. */
final class NamedOperations implements FileOperations {
    private final FileOperations operations;

    NamedOperations(FileOperations operations) {
        this.operations = operations;
    }

    /** An operation on one file. */
    private interface Operation {
        void run() throws IOException;
    }

    private static void run(Path file, Operation operation) throws IOException {
        try {
            operation.run();
        } catch (IOException failure) {
            throw SystemReason.named(file, failure);
        }
    }

    @Override
    public NewFile create(Path file) throws IOException {
        try {
            return new NamedFile(operations.create(file), file);
        } catch (IOException failure) {
            throw SystemReason.named(file, failure);
        }
    }

    @Override
    public void rename(Path file, Path target) throws IOException {
        run(target, () -> operations.rename(file, target));
    }

    @Override
    public void delete(Path file) throws IOException {
        run(file, () -> operations.delete(file));
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        run(folder, () -> operations.syncFolder(folder));
    }

    private static final class NamedFile extends NewFile {
        private final NewFile file;
        private final Path path;

        NamedFile(NewFile file, Path path) {
            this.file = file;
            this.path = path;
        }

        @Override
        public void write(int b) throws IOException {
            run(path, () -> file.write(b));
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            run(path, () -> file.write(bytes, from, count));
        }

        @Override
        public void sync() throws IOException {
            run(path, file::sync);
        }

        @Override
        public void close() throws IOException {
            run(path, file::close);
        }
    }
}

package dev.microgpt.train.internal.disk;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** File operations of the operating system. */
final class SystemFiles implements FileOperations {
    @Override
    public NewFile create(Path file) throws IOException {
        Files.deleteIfExists(file);
        return new SystemFile(file);
    }

    @Override
    public void rename(Path file, Path target) throws IOException {
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void syncFolder(Path folder) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (!syncFolderUnlessInterrupted(folder)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean syncFolderUnlessInterrupted(Path folder) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(folder, StandardOpenOption.READ);
        } catch (AccessDeniedException unsupported) { // Windows refuses to open any folder
            return true;
        }
        try (channel) {
            channel.force(true);
            return true;
        } catch (ClosedByInterruptException interrupt) {
            return false;
        }
    }

    /**
     * Not a FileChannel, which an interrupt of the thread closes in the middle of a write, and not
     * {@link Files#createTempFile}, which creates files that only the owner can read.
     */
    private static final class SystemFile extends NewFile {
        private final FileOutputStream out;

        SystemFile(Path file) throws IOException {
            Files.createFile(file); // its exception is more exact than that of FileOutputStream
            out = new FileOutputStream(file.toFile());
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            out.write(bytes, from, count);
        }

        @Override
        public void sync() throws IOException {
            out.getFD().sync();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}

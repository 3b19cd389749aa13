package dev.microgpt.cli.metrics;

import dev.microgpt.train.internal.disk.SystemReason;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * A file of lines that is written again from a position on.
 *
 * <p>What is there stays until it has been replaced: a line that is there already is not written, and the first that
 * differs is written before the rest is cut off. If a line cannot be written, the file is as it was before. One that is
 * new and stays empty is deleted.
 */
final class LineFile extends OutputStream {
    private final Path path;
    private final boolean isNew;
    private final RandomAccessFile file;
    private long position;
    private boolean isCut;

    LineFile(Path path, long position) throws IOException {
        this(path, create(path), new RandomAccessFile(path.toFile(), "rw"), position);
    }

    LineFile(Path path, boolean isNew, RandomAccessFile file, long position) {
        this.path = path;
        this.isNew = isNew;
        this.file = file;
        this.position = position;
    }

    /** Returns whether there was no file; the exceptions are more exact than those of RandomAccessFile. */
    private static boolean create(Path path) throws IOException {
        try {
            Files.createFile(path);
            return true;
        } catch (FileAlreadyExistsException expected) {
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)
                    .close();
            return false;
        }
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    /** Writes a whole line. */
    @Override
    public void write(byte[] line, int from, int count) throws IOException {
        long end = file.length();
        byte[] old = new byte[(int) Math.max(0, Math.min(count, end - position))];
        file.seek(position);
        file.readFully(old);
        if (!Arrays.equals(old, 0, old.length, line, from, from + count)) {
            file.seek(position);
            try {
                file.write(line, from, count);
            } catch (IOException failure) {
                restore(old, end, failure);
                throw failure;
            }
            cutAt(position + count);
        }
        position += count;
    }

    private void restore(byte[] old, long end, IOException failure) {
        try {
            file.seek(position);
            file.write(old);
            file.setLength(end);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    private void cutAt(long end) throws IOException {
        if (!isCut) {
            file.setLength(end);
            isCut = true;
        }
    }

    /** Cuts off what has not been written again. */
    void complete() throws IOException {
        try {
            cutAt(position);
        } catch (IOException failure) {
            throw SystemReason.named(path, failure);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
        if (isNew && !isCut) {
            Files.deleteIfExists(path);
        }
    }
}

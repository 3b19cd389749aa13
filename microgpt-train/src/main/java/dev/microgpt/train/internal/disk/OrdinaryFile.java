package dev.microgpt.train.internal.disk;

import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens files for reading; every input file of the program is opened here.
 *
 * <p>A pipe may wait for a writer forever and a device may have no end, so both are refused except where a text is
 * streamed. Every failure to open or read a file is a {@link java.nio.file.FileSystemException} that names it.
 */
public final class OrdinaryFile {
    private static final long PIPE_MILLIS = 5000;

    private OrdinaryFile() {}

    /**
     * Opens an ordinary file.
     *
     * @throws UnusableFileException if it is a folder, a pipe, a socket or a device
     * @throws IOException           if it cannot be opened
     */
    public static InputStream open(Path file) throws IOException {
        check(file);
        return new Named(Files.newInputStream(file), file);
    }

    /**
     * Opens an ordinary file for reading at any position. Not as a channel, which an interrupt of the thread closes.
     *
     * @throws UnusableFileException if it is a folder, a pipe, a socket or a device
     * @throws IOException           if it cannot be opened
     */
    public static RandomAccessFile openRandom(Path file) throws IOException {
        check(file);
        try {
            return new RandomAccessFile(file.toFile(), "r");
        } catch (FileNotFoundException inexact) { // thrown whatever the reason
            Files.newInputStream(file).close();
            throw inexact;
        }
    }

    /**
     * Opens a text to read once, which may also come from a pipe or a device.
     *
     * @throws UnusableFileException if it is a folder or a socket, or a pipe that no program writes to
     * @throws IOException           if it cannot be opened
     */
    public static InputStream openStream(Path file) throws IOException {
        return openStream(file, PIPE_MILLIS);
    }

    static InputStream openStream(Path file, long pipeMillis) throws IOException {
        boolean isPipe = FileKind.isOther(file) && FileKind.isPipe(file);
        if (isPipe && !FileKind.isStreamOfTheSystem(file)) {
            return new Named(openPipe(file, pipeMillis), file);
        }
        if (!isPipe && !FileKind.of(file).equals("a device")) {
            check(file);
        }
        return new Named(Files.newInputStream(file), file);
    }

    private static void check(Path file) throws UnusableFileException {
        if (FileKind.isOther(file)) {
            throw new UnusableFileException(file, "must be an ordinary file, but is " + FileKind.of(file));
        }
    }

    /** Opening a pipe takes until a program opens it to write, which may be forever. */
    private static InputStream openPipe(Path pipe, long millis) throws IOException {
        FutureTask<InputStream> opening = new FutureTask<>(() -> Files.newInputStream(pipe));
        Thread opener = new Thread(opening, "opening of a pipe");
        opener.setDaemon(true);
        opener.start();
        try {
            return opening.get(millis, TimeUnit.MILLISECONDS);
        } catch (TimeoutException nobody) {
            throw new UnusableFileException(
                    pipe,
                    "must be a file or a pipe that a program writes to, but no program has opened this pipe to write"
                            + " within " + millis / 1000.0 + " s; start that program first");
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof IOException cause ? cause : new IOException(failure.getCause());
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException(pipe + ": interrupted").initCause(stop);
        }
    }

    /** Names the file in every failure. */
    private static final class Named extends FilterInputStream {
        private final Path file;

        Named(InputStream in, Path file) {
            super(in);
            this.file = file;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            try {
                return in.read(buffer, from, length);
            } catch (IOException failure) {
                throw SystemReason.named(file, failure);
            }
        }
    }
}

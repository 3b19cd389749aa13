package dev.microgpt.train.data;

import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.internal.LfsPointer;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import dev.microgpt.train.internal.disk.SystemReason;
import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Tokens in a file in the format of nanoGPT: unsigned 16-bit integers, little-endian, and nothing else.
 *
 * <p>The file may be larger than the heap and the machine's memory: only the tokens asked for are read, and the
 * operating system caches them. The file is not memory-mapped, because truncating it would then crash the program; here
 * the next read fails. Replacing it with {@link TokenFileWriter} does no harm: the old file stays open. The file is
 * closed when the object is garbage collected. Thread-safe.
 *
 * @see <a href="https://github.com/karpathy/nanoGPT/blob/master/data/shakespeare_char/prepare.py">nanoGPT,
 *     prepare.py</a>
 */
public final class TokenFile implements Tokens {
    private static final int BUFFER_TOKENS = 1 << 14;

    private final Path file;
    private final int vocabSize;
    private final long count;

    /** Has one position for all threads, so it must be locked. Not a channel: interrupting a thread would close it. */
    private final RandomAccessFile in;

    private TokenFile(Path file, int vocabSize, long count, RandomAccessFile in) {
        this.file = file;
        this.vocabSize = vocabSize;
        this.count = count;
        this.in = in;
    }

    /**
     * Opens a file and checks all its ids, which reads it once: a training run might otherwise come to a wrong one only
     * after hours. An id is checked again whenever it is read.
     *
     * @param file      the path
     * @param vocabSize the number of tokens of the vocabulary
     * @return the tokens of the file
     * @throws DataException if the file is empty, has an odd number of bytes, or is a Git LFS pointer, or if an id is
     *     not in the vocabulary
     * @throws IOException   if the file cannot be opened
     */
    public static TokenFile open(Path file, int vocabSize) throws IOException {
        RandomAccessFile in = OrdinaryFile.openRandom(file);
        try {
            long bytes = in.length();
            checkNotPointer(file, in);
            checkSize(file, bytes);
            TokenFile tokens = new TokenFile(file, vocabSize, bytes / Short.BYTES, in);
            tokens.checkIds();
            return tokens;
        } catch (IOException unusable) {
            in.close();
            throw unusable;
        }
    }

    private void checkIds() throws IOException {
        if (vocabSize > Character.MAX_VALUE) {
            return; // it has every id of 16 bits
        }
        int[] ids = new int[(int) Math.min(count, BUFFER_TOKENS)];
        try {
            for (long from = 0; from < count; from += ids.length) {
                read(from, ids, 0, (int) Math.min(ids.length, count - from));
            }
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private static void checkNotPointer(Path file, RandomAccessFile in) throws IOException {
        byte[] start = new byte[(int) Math.min(LfsPointer.USEFUL_BYTES, in.length())];
        in.readFully(start);
        if (LfsPointer.isIn(start)) {
            throw new DataException(
                    "data " + file + ": the file must hold tokens, but is a git-lfs pointer" + LfsPointer.REPAIR);
        }
    }

    private static void checkSize(Path file, long bytes) throws DataException {
        if (bytes == 0) {
            throw new DataException(
                    "data " + file + ": the file is empty, but must have at least one token of 2 bytes");
        }
        if (bytes % Short.BYTES != 0) {
            throw new DataException("data " + file + ": the file has " + bytes
                    + " bytes, but must have 2 for each token; it was truncated or holds something else");
        }
    }

    @Override
    public long count() {
        return count;
    }

    /**
     * {@inheritDoc}
     *
     * @throws UncheckedIOException with a {@link DataException} as its cause if the file was truncated after it was
     *     opened, or if an id in it was replaced by one that is not in the vocabulary
     */
    @Override
    public void read(long from, int[] to, int offset, int length) {
        Objects.checkFromIndexSize(from, length, count);
        Objects.checkFromIndexSize(offset, length, to.length);
        byte[] bytes = new byte[Short.BYTES * Math.min(length, BUFFER_TOKENS)];
        for (int done = 0; done < length; ) {
            int some = Math.min(length - done, BUFFER_TOKENS);
            readFully(from + done, bytes, Short.BYTES * some);
            for (int i = 0; i < some; i++) {
                int id = bytes[2 * i] & 0xFF | (bytes[2 * i + 1] & 0xFF) << Byte.SIZE;
                if (id >= vocabSize) {
                    throw unknown(id, from + done + i);
                }
                to[offset + done + i] = id;
            }
            done += some;
        }
    }

    private void readFully(long position, byte[] to, int bytes) {
        synchronized (in) {
            try {
                in.seek(position * Short.BYTES);
                in.readFully(to, 0, bytes);
            } catch (EOFException shorter) {
                throw new UncheckedIOException(new DataException("data " + file + ": the file was truncated: it had "
                        + count + " tokens when it was opened and must keep them while it is read"));
            } catch (IOException failure) {
                String message = SystemReason.after("data " + file, SystemReason.of(failure, file));
                throw new UncheckedIOException(message, failure);
            }
        }
    }

    private UncheckedIOException unknown(int id, long position) {
        return new UncheckedIOException(new DataException("data " + file + ": the id " + id + " at position " + position
                + " is not in the vocabulary; ids must be below " + vocabSize
                + ". The file was made with another tokenizer"));
    }
}

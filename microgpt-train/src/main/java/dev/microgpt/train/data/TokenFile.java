package dev.microgpt.train.data;

import dev.microgpt.train.DataException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * Tokens in a file as nanoGPT writes them: unsigned 16-bit integers, little-endian, and nothing else.
 *
 * <p>The file is mapped into memory, not read: it may be larger than the heap and than the machine's memory, and the
 * system keeps what is used. The mapping ends when the object is garbage. A file that is made shorter in the meantime
 * breaks it, with an {@link InternalError}; {@link TokenFileWriter} puts a new file in its place, which does not.
 *
 * @see <a href="https://github.com/karpathy/nanoGPT/blob/master/data/shakespeare_char/prepare.py">nanoGPT, prepare.py</a>
 */
public final class TokenFile implements Tokens {
    /** 1 GiB a segment: a buffer holds less than 2 GiB. */
    private static final int SEGMENT_TOKENS = 1 << 29;

    private final Path file;
    private final int vocabSize;
    private final long count;
    private final int segmentTokens;
    private final ShortBuffer[] segments; // of segmentTokens each, the last one shorter

    private TokenFile(Path file, int vocabSize, long count, int segmentTokens, ShortBuffer[] segments) {
        this.file = file;
        this.vocabSize = vocabSize;
        this.count = count;
        this.segmentTokens = segmentTokens;
        this.segments = segments;
    }

    /**
     * Opens a file. Its ids are checked when they are read.
     *
     * @param file      the path
     * @param vocabSize the number of different tokens
     * @return its tokens
     * @throws DataException if the file is empty or has half a token
     * @throws IOException   if the file cannot be opened
     */
    public static TokenFile open(Path file, int vocabSize) throws IOException {
        return open(file, vocabSize, SEGMENT_TOKENS);
    }

    static TokenFile open(Path file, int vocabSize, int segmentTokens) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "is no ordinary file, as tokens need");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long bytes = channel.size();
            checkSize(file, bytes);
            long count = bytes / Short.BYTES;
            ShortBuffer[] segments = new ShortBuffer[(int) ((count + segmentTokens - 1) / segmentTokens)];
            for (int s = 0; s < segments.length; s++) {
                long start = (long) s * segmentTokens;
                long length = Math.min(segmentTokens, count - start);
                segments[s] = channel.map(FileChannel.MapMode.READ_ONLY, start * Short.BYTES, length * Short.BYTES)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .asShortBuffer();
            }
            return new TokenFile(file, vocabSize, count, segmentTokens, segments);
        }
    }

    private static void checkSize(Path file, long bytes) throws DataException {
        if (bytes == 0) {
            throw new DataException("data " + file + ": found an empty file, expected at least one token of 2 bytes");
        }
        if (bytes % Short.BYTES != 0) {
            throw new DataException("data " + file + ": found " + bytes
                    + " bytes, expected an even number, 2 for each token; the file was cut or holds something else");
        }
    }

    @Override
    public long count() {
        return count;
    }

    /**
     * {@inheritDoc}
     *
     * @throws UncheckedIOException with a {@link DataException}, if an id is not in the vocabulary
     */
    @Override
    public void read(long from, int[] to, int offset, int length) {
        Objects.checkFromIndexSize(from, length, count);
        Objects.checkFromIndexSize(offset, length, to.length);
        for (int done = 0; done < length; ) {
            long position = from + done;
            ShortBuffer segment = segments[(int) (position / segmentTokens)];
            int start = (int) (position % segmentTokens);
            int some = Math.min(length - done, segmentTokens - start);
            for (int i = 0; i < some; i++) {
                int id = Short.toUnsignedInt(segment.get(start + i));
                if (id >= vocabSize) {
                    throw unknown(id, position + i);
                }
                to[offset + done + i] = id;
            }
            done += some;
        }
    }

    private UncheckedIOException unknown(int id, long position) {
        return new UncheckedIOException(new DataException("data " + file + ": found the id " + id + " at position "
                + position + ", expected ids below " + vocabSize
                + ", the size of the vocabulary; it was made with another tokenizer"));
    }
}

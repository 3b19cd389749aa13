package dev.microgpt.train.data;

import dev.microgpt.train.internal.disk.AtomicFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * Writes files of tokens for {@link TokenFile}, of any length through one buffer. Confined to one thread.
 *
 * <pre>{@code
 * TokenFileWriter.replace(Path.of("train.bin"), out -> out.write(ids, 0, ids.length));
 * }</pre>
 */
public final class TokenFileWriter {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int MAX_ID = 0xFFFF;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;
    private long count;

    private TokenFileWriter(OutputStream out) {
        this.out = out;
    }

    /** Writes the tokens of a file. */
    public interface Content {
        /**
         * Writes all tokens, in order.
         *
         * @param out receives the tokens
         * @throws IOException if the tokens cannot be read or written
         */
        void writeTo(TokenFileWriter out) throws IOException;
    }

    /**
     * Creates a file or replaces it atomically, once all tokens are on disk; if anything fails, the old file stays.
     *
     * @param file    the path
     * @param content writes the tokens
     * @throws IllegalArgumentException if there are no tokens, which {@link TokenFile} does not accept
     * @throws IOException              if the file cannot be written
     */
    public static void replace(Path file, Content content) throws IOException {
        AtomicFile.replace(file, out -> {
            TokenFileWriter writer = new TokenFileWriter(out);
            content.writeTo(writer);
            if (writer.count == 0) {
                throw new IllegalArgumentException("token file: there are no tokens; a file needs at least one");
            }
            writer.flush();
        });
    }

    /**
     * Appends tokens.
     *
     * @param ids    the ids, each from 0 to 65,535
     * @param offset the index of the first id to write
     * @param length the number of ids to write
     * @throws IllegalArgumentException if an id does not fit in 16 bits
     * @throws IOException              if the file cannot be written
     */
    public void write(int[] ids, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            int id = ids[i];
            if (id < 0 || id > MAX_ID) {
                throw new IllegalArgumentException("token file: the id " + id + " at position " + count
                        + " does not fit in 16 bits; ids must be 0 … " + MAX_ID
                        + ", use a tokenizer with at most 65,536 tokens");
            }
            if (filled == BUFFER_BYTES) {
                flush();
            }
            buffer[filled++] = (byte) id;
            buffer[filled++] = (byte) (id >>> Byte.SIZE);
            count++;
        }
    }

    private void flush() throws IOException {
        out.write(buffer, 0, filled);
        filled = 0;
    }
}

package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.SpecialTokens;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;

/** The UTF-8 bytes that tokens stand for. */
final class TokenBytes {
    private static final int BUFFER_TOKENS = 1 << 14;

    /** In no UTF-8. */
    private static final int MARK = 0xFF;

    private TokenBytes() {}

    /** Receives bytes. */
    interface Sink {
        void write(byte[] bytes);
    }

    /** Returns the number of bytes of all tokens but the first. */
    static long afterTheFirst(Tokens tokens, Tokenizer tokenizer) {
        byte[][] bytes = table(tokenizer);
        int[] ids = new int[BUFFER_TOKENS];
        long sum = 0;
        for (long from = 1; from < tokens.count(); from += ids.length) {
            int length = (int) Math.min(ids.length, tokens.count() - from);
            tokens.read(from, ids, 0, length);
            for (int i = 0; i < length; i++) {
                sum += bytes[ids[i]].length;
            }
        }
        return sum;
    }

    /**
     * Writes the bytes of all tokens to {@code sink}, in order, many at a time. BOS is the byte 0xFF, and another
     * special token has that byte before its text.
     */
    static void each(Tokens tokens, Tokenizer tokenizer, Sink sink) {
        byte[][] bytes = table(tokenizer);
        for (int special : SpecialTokens.of(tokenizer).ids().values()) {
            ByteArrayOutputStream marked = new ByteArrayOutputStream();
            marked.write(MARK);
            marked.writeBytes(bytes[special]);
            bytes[special] = marked.toByteArray();
        }
        int[] ids = new int[BUFFER_TOKENS];
        ByteArrayOutputStream buffer = new ByteArrayOutputStream();
        for (long from = 0; from < tokens.count(); from += ids.length) {
            int length = (int) Math.min(ids.length, tokens.count() - from);
            tokens.read(from, ids, 0, length);
            buffer.reset();
            for (int i = 0; i < length; i++) {
                buffer.writeBytes(bytes[ids[i]]);
            }
            sink.write(buffer.toByteArray());
        }
    }

    private static byte[][] table(Tokenizer tokenizer) {
        byte[][] bytes = new byte[tokenizer.vocabSize()][];
        for (int id = 0; id < bytes.length; id++) {
            bytes[id] = tokenizer.bytes(id);
        }
        return bytes;
    }
}

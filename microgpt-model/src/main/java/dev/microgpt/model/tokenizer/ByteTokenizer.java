package dev.microgpt.model.tokenizer;

import dev.microgpt.model.tokenizer.bpe.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * One token per byte of UTF-8: id {@code b} is the byte {@code b}, and id 256 is BOS.
 *
 * <p>It can encode any text without training; a character beyond ASCII takes 2 to 4 tokens.
 */
public final class ByteTokenizer implements Tokenizer {
    private static final int BYTES = 256;

    /** Creates a tokenizer, equal to any other of this class. */
    public ByteTokenizer() {}

    @Override
    public int vocabSize() {
        return BYTES + 1;
    }

    @Override
    public int bos() {
        return BYTES;
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the text has an unpaired surrogate
     */
    @Override
    public int[] encode(String text) {
        byte[] utf8 = Utf8.encode(text);
        int[] ids = new int[utf8.length];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = Byte.toUnsignedInt(utf8[i]);
        }
        return ids;
    }

    @Override
    public String decode(int... ids) {
        byte[] utf8 = new byte[ids.length];
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] < 0 || ids[i] >= BYTES) {
                throw new IllegalArgumentException("tokenizer: id " + ids[i] + " at index " + i
                        + (ids[i] == bos()
                                ? " is BOS, which represents no text; leave it out"
                                : " is not in the vocabulary; the ids of text are 0 … 255"));
            }
            utf8[i] = (byte) ids[i];
        }
        return new String(utf8, StandardCharsets.UTF_8);
    }

    @Override
    public byte[] bytes(int id) {
        if (id < 0 || id > BYTES) {
            throw new IllegalArgumentException(
                    "tokenizer: id " + id + " is not in the vocabulary; the ids are 0 … " + BYTES);
        }
        return id == BYTES ? new byte[0] : new byte[] {(byte) id};
    }

    @Override
    public String toString() {
        return "ByteTokenizer[" + vocabSize() + " tokens]";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ByteTokenizer;
    }

    @Override
    public int hashCode() {
        return BYTES;
    }
}

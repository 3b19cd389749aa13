package dev.microgpt.train.huggingface;

import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeVocabulary;
import dev.microgpt.model.tokenizer.ByteLetters;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.StringJoiner;

/**
 * Checks that a BPE vocabulary has all 256 bytes. Without one of them, transformers silently drops it from a text, or
 * replaces it by another token; here such a text cannot be encoded.
 */
final class CompleteBytes {
    private static final int BYTES = 256;
    private static final int LISTED = 5;

    private CompleteBytes() {}

    /**
     * Checks a tokenizer; one of another type has nothing to check.
     *
     * @throws IllegalArgumentException if a byte is missing; the message lists the first of them
     */
    static void check(Tokenizer tokenizer) {
        if (!(tokenizer instanceof BpeTokenizer bpe)) {
            return;
        }
        BitSet found = bytes(bpe.vocabulary());
        int missing = BYTES - found.cardinality();
        if (missing > 0) {
            StringJoiner listed = new StringJoiner(", ");
            for (int b = found.nextClearBit(0), i = 0; b < BYTES && i < LISTED; b = found.nextClearBit(b + 1), i++) {
                String letter = ByteLetters.toLetters(new byte[] {(byte) b});
                listed.add("0x" + HexFormat.of().withUpperCase().toHexDigits((byte) b) + " ('" + letter + "')");
            }
            throw new IllegalArgumentException("the tokenizer must have a token for each of the 256 bytes, but lacks "
                    + missing + ": " + listed + (missing > LISTED ? ", …" : "")
                    + "; transformers drops such bytes from a text. Train it with all bytes in its initial alphabet");
        }
    }

    private static BitSet bytes(BpeVocabulary vocabulary) {
        BitSet special = new BitSet();
        for (int id : vocabulary.specialTokens().values()) {
            special.set(id);
        }
        BitSet bytes = new BitSet(BYTES);
        for (int id = 0; id < vocabulary.size(); id++) {
            byte[] token = vocabulary.bytes(id);
            if (token.length == 1 && !special.get(id)) {
                bytes.set(Byte.toUnsignedInt(token[0]));
            }
        }
        return bytes;
    }
}

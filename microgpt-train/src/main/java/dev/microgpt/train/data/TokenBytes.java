package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;

/** How many bytes of UTF-8 tokens stand for. */
final class TokenBytes {
    private static final int BUFFER_TOKENS = 1 << 14;

    private TokenBytes() {}

    /** Counts those of all tokens but the first; BOS stands for none. */
    static long afterTheFirst(Tokens tokens, Tokenizer tokenizer) {
        int[] bytes = new int[tokenizer.vocabSize()];
        for (int id = 0; id < bytes.length; id++) {
            bytes[id] = tokenizer.bytes(id).length;
        }
        int[] ids = new int[BUFFER_TOKENS];
        long sum = 0;
        for (long from = 1; from < tokens.count(); from += ids.length) {
            int length = (int) Math.min(ids.length, tokens.count() - from);
            tokens.read(from, ids, 0, length);
            for (int i = 0; i < length; i++) {
                sum += bytes[ids[i]];
            }
        }
        return sum;
    }
}

package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.DataException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What must be known of a text before it can be encoded.
 *
 * @param tokenizer  has the characters of the text
 * @param characters how many code points the text has
 */
record TextScan(CharTokenizer tokenizer, long characters) {
    /** Reads the whole text, of which nothing is kept. */
    static TextScan of(TextSource text) throws IOException {
        boolean[] seen = new boolean[Character.MAX_CODE_POINT + 1];
        long characters = 0;
        try (TextReader reader = text.open()) {
            for (String piece = reader.next(); piece != null; piece = reader.next()) {
                for (int i = 0; i < piece.length(); i++) {
                    int codePoint = piece.codePointAt(i);
                    seen[codePoint] = true;
                    characters++;
                    i += codePoint > Character.MAX_VALUE ? 1 : 0;
                }
            }
        }
        if (characters == 0) {
            throw new DataException("data " + text.name() + ": found no character, expected a text");
        }
        return new TextScan(CharTokenizer.ofAlphabet(alphabet(seen)), characters);
    }

    /**
     * Returns the tokenizer to encode the text with: the one that is given, or that of its characters.
     *
     * @throws DataException if the one that is given has no token for a character of the text
     */
    Tokenizer tokenizerFor(TextSource text, @Nullable Tokenizer known) throws DataException {
        if (known == null) {
            return tokenizer;
        }
        try {
            known.encode(tokenizer.alphabet());
        } catch (IllegalArgumentException unknown) {
            throw new DataException("data " + text.name() + ": " + unknown.getMessage());
        }
        return known;
    }

    private static String alphabet(boolean[] seen) {
        StringBuilder alphabet = new StringBuilder();
        for (int codePoint = 0; codePoint < seen.length; codePoint++) {
            if (seen[codePoint]) {
                alphabet.appendCodePoint(codePoint);
            }
        }
        return alphabet.toString();
    }
}

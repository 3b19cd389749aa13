package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.TextReader;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.Quoted;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The alphabet and the length of a text, which must be known before it can be encoded.
 *
 * @param tokenizer  a tokenizer for the characters of the text
 * @param characters the number of code points of the text
 * @param repairs    what was normalized while it was read
 */
record TextScan(CharTokenizer tokenizer, long characters, TextRepairs repairs) {
    /** Scans a text, of which nothing is kept. */
    static TextScan of(TextSource text) throws IOException {
        boolean[] seen = new boolean[Character.MAX_CODE_POINT + 1];
        long characters = 0;
        TextRepairs repairs;
        try (TextReader reader = text.open()) {
            for (String piece = reader.next(); piece != null; piece = reader.next()) {
                for (int i = 0; i < piece.length(); i++) {
                    int codePoint = piece.codePointAt(i);
                    seen[codePoint] = true;
                    characters++;
                    i += codePoint > Character.MAX_VALUE ? 1 : 0;
                }
            }
            repairs = reader.repairs();
        }
        if (characters == 0) {
            throw text.empty();
        }
        return new TextScan(CharTokenizer.ofAlphabet(alphabet(seen)), characters, repairs);
    }

    /**
     * Returns the tokenizer to encode the text with: {@code known} if there is one, otherwise that of its characters.
     *
     * @throws DataException if {@code known} has no token for a character of the text
     * @throws IOException   if the text cannot be read again to find that character
     */
    Tokenizer tokenizerFor(TextSource text, @Nullable Tokenizer known) throws IOException {
        if (known == null) {
            return tokenizer;
        }
        try {
            known.encode(tokenizer.alphabet());
        } catch (IllegalArgumentException unknown) {
            String character = firstUnknown(known);
            String found = Quoted.of(character) + String.format(Locale.ROOT, " (U+%04X)", character.codePointAt(0));
            throw new DataException("data " + place(text, character) + ": " + found
                    + " is not in the vocabulary; the text must have only characters that the tokenizer knows");
        }
        return known;
    }

    /** Returns the lowest character of the text that a tokenizer has no token for. */
    private String firstUnknown(Tokenizer known) {
        String alphabet = tokenizer.alphabet();
        int end = 0;
        for (int start = 0; start < alphabet.length(); start = end) {
            end = alphabet.offsetByCodePoints(start, 1);
            try {
                known.encode(alphabet.substring(start, end));
            } catch (IllegalArgumentException unknown) {
                return alphabet.substring(start, end);
            }
        }
        throw new IllegalStateException("text scan: each character can be encoded, but not all together");
    }

    /** Returns the file and the line of the first occurrence of a character. */
    private static String place(TextSource text, String character) throws IOException {
        try (TextReader reader = text.open()) {
            for (String piece = reader.next(); piece != null; piece = reader.next()) {
                int index = piece.indexOf(character);
                if (index >= 0) {
                    return reader.place(piece, index);
                }
            }
        }
        return text.name();
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

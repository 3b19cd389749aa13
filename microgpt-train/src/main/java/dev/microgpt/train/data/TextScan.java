package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextPieces;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import dev.microgpt.train.internal.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The alphabet and the length of a text, which must be known before it can be encoded.
 *
 * @param tokenizer  a tokenizer for the characters of the text
 * @param characters the number of code points of the text; a boundary between two texts or a special token counts as
 *     one
 * @param boundaries the number of boundaries
 * @param specials   the number of special tokens that are written out
 * @param repairs    what was normalized while it was read
 */
record TextScan(CharTokenizer tokenizer, long characters, long boundaries, long specials, TextRepairs repairs) {
    /** Scans a text that {@code known} is to encode, or a token per character; nothing of it is kept. */
    static TextScan of(TextSource text, RecordFormat format, @Nullable Tokenizer known) throws IOException {
        Counts counts = new Counts();
        TextRepairs repairs;
        // a token per character has the same special token as a token per byte
        try (MarkedPieces reader = new MarkedPieces(text, format, known == null ? new ByteTokenizer() : known)) {
            counts.add(reader);
            repairs = reader.repairs();
        }
        if (counts.characters == 0) {
            throw text.empty(repairs);
        }
        long all = counts.characters + counts.boundaries + counts.specials;
        return new TextScan(
                CharTokenizer.ofAlphabet(counts.alphabet()), all, counts.boundaries, counts.specials, repairs);
    }

    /** Adds up the parts of a text. */
    static TextScan of(String name, List<PartScan> parts) throws DataException {
        Counts counts = new Counts();
        TextRepairs repairs = TextRepairs.NONE;
        for (PartScan part : parts) {
            counts.add(part.alphabet());
            counts.boundaries += part.boundaries() + (counts.characters > 0 && part.beginsText() ? 1 : 0);
            counts.characters += part.characters();
            repairs = repairs.plus(part.repairs());
        }
        if (counts.characters == 0) {
            throw new DataException("data " + name + ": all parts of the text are empty or blank, but one must have at"
                    + " least one character; is it the right file or column?");
        }
        long all = counts.characters + counts.boundaries;
        return new TextScan(CharTokenizer.ofAlphabet(counts.alphabet()), all, counts.boundaries, 0, repairs);
    }

    /** Returns the places of the parts of a text. */
    static List<PartPlace> places(String name, List<PartScan> parts, Split split) {
        List<PartPlace> places = new ArrayList<>();
        long before = 0;
        for (PartScan part : parts) {
            long count = part.characters() + part.boundaries() + (before > 0 && part.beginsText() ? 1 : 0);
            long training = Math.max(0, Math.min(count, split.training() - before));
            places.add(new PartPlace(name, before > 0, training, count - training));
            before += count;
        }
        return places;
    }

    /** Characters and marks, while they are counted. */
    static final class Counts {
        private final boolean[] seen = new boolean[Character.MAX_CODE_POINT + 1];
        long characters;
        long boundaries;
        long specials;

        void add(MarkedPieces reader) throws IOException {
            for (String piece = reader.next(); piece != null; piece = reader.next()) {
                if (reader.mark() == MarkedPieces.TEXT) {
                    characters += add(piece);
                } else {
                    boundaries += reader.mark() == MarkedPieces.BOUNDARY ? 1 : 0;
                    specials += reader.mark() == MarkedPieces.BOUNDARY ? 0 : 1;
                }
            }
        }

        /** Returns the number of the characters of a piece. */
        int add(String piece) {
            int count = 0;
            for (int i = 0; i < piece.length(); i++) {
                int codePoint = piece.codePointAt(i);
                seen[codePoint] = true;
                count++;
                i += codePoint > Character.MAX_VALUE ? 1 : 0;
            }
            return count;
        }

        String alphabet() {
            StringBuilder alphabet = new StringBuilder();
            for (int codePoint = 0; codePoint < seen.length; codePoint++) {
                if (seen[codePoint]) {
                    alphabet.appendCodePoint(codePoint);
                }
            }
            return alphabet.toString();
        }
    }

    /**
     * Returns the tokenizer to encode the text with: {@code known} if there is one, otherwise that of its characters.
     *
     * @throws DataException if {@code known} has no token for a character of the text
     * @throws IOException   if the text cannot be read again to find that character
     */
    Tokenizer tokenizerFor(TextSource text, RecordFormat format, @Nullable Tokenizer known) throws IOException {
        if (known == null) {
            return tokenizer;
        }
        try {
            known.encode(tokenizer.alphabet());
        } catch (IllegalArgumentException unknown) {
            String character = firstUnknown(known);
            throw unknown(place(text, format, character), character);
        }
        checkJoins(text.name(), known);
        return known;
    }

    /** Returns the tokenizer of a text that is not read again to find a character which it lacks. */
    Tokenizer tokenizerFor(String name, @Nullable Tokenizer known) throws DataException {
        if (known == null) {
            return tokenizer;
        }
        try {
            known.encode(tokenizer.alphabet());
        } catch (IllegalArgumentException unknown) {
            throw unknown(name, firstUnknown(known));
        }
        checkJoins(name, known);
        return known;
    }

    private static DataException unknown(String place, String character) {
        String found = Quoted.of(character) + String.format(Locale.ROOT, " (U+%04X)", character.codePointAt(0));
        return new DataException("data " + place + ": " + found
                + " is not in the vocabulary; the text must have only characters that the tokenizer knows");
    }

    private void checkJoins(String name, Tokenizer known) throws DataException {
        if (boundaries == 0 || known.bos() >= 0) {
            return;
        }
        try {
            known.encode(EncodedText.BLANK_LINE);
        } catch (IllegalArgumentException unknown) {
            throw new DataException("data " + name + ": the tokenizer has neither a token that ends a text nor"
                    + " the line feed, but must have one of them to join several texts");
        }
    }

    /** Returns what was normalized in the text as a tokenizer encodes it. */
    TextRepairs repairs(Tokenizer tokenizer) {
        return tokenizer.bos() >= 0
                ? repairs
                : new TextRepairs(
                        repairs.lineEnds(),
                        repairs.byteOrderMarks(),
                        repairs.blankLines(),
                        repairs.blankRecords(),
                        boundaries);
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
    private static String place(TextSource text, RecordFormat format, String character) throws IOException {
        try (TextPieces reader = format.texts(text)) {
            for (String piece = reader.next(); piece != null; piece = reader.next()) {
                int index = piece.indexOf(character);
                if (index >= 0) {
                    return reader.place(piece, index);
                }
            }
        }
        return text.name();
    }
}

package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import java.io.Closeable;
import java.io.IOException;

/**
 * The tokens of a text that was {@linkplain TextScan scanned}, handed out in order: those of one stretch of its characters
 * after another, encoded piece by piece as if each stretch were encoded at once.
 */
final class EncodedText implements Closeable {
    private final String name;
    private final TextReader reader;
    private final Tokenizer tokenizer;

    /** What was read and belongs to the next stretch. */
    private String ahead = "";

    EncodedText(TextSource text, Tokenizer tokenizer) {
        this.name = text.name();
        this.reader = text.open();
        this.tokenizer = tokenizer;
    }

    /** Takes tokens. */
    interface Sink {
        void write(int[] ids, int offset, int length) throws IOException;
    }

    /** Hands out the tokens of the next characters, which are counted as code points. */
    void copy(long characters, Sink sink) throws IOException {
        ChunkedText cutter = new ChunkedText(tokenizer::lastCut);
        for (long left = characters; left > 0; ) {
            String piece = next(left);
            left -= piece.codePointCount(0, piece.length());
            encode(cutter.take(piece), sink);
        }
        encode(cutter.rest(), sink);
    }

    /** Returns the next piece of the text, with so many characters at most. */
    private String next(long most) throws IOException {
        String piece = ahead.isEmpty() ? reader.next() : ahead;
        if (piece == null) {
            throw changed();
        }
        if (most >= piece.length() || most >= piece.codePointCount(0, piece.length())) {
            ahead = "";
            return piece;
        }
        int end = piece.offsetByCodePoints(0, (int) most);
        ahead = piece.substring(end);
        return piece.substring(0, end);
    }

    private void encode(String text, Sink sink) throws IOException {
        if (text.isEmpty()) {
            return;
        }
        int[] ids;
        try {
            ids = tokenizer.encode(text);
        } catch (IllegalArgumentException newCharacter) {
            throw changed();
        }
        sink.write(ids, 0, ids.length);
    }

    /** Refuses characters that were not there when the text was scanned. */
    void checkEnd() throws IOException {
        if (!ahead.isEmpty() || reader.next() != null) {
            throw changed();
        }
    }

    private DataException changed() {
        return new DataException(
                "data " + name + ": found another text when it was read again, expected it to stay as it is meanwhile");
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}

package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextSource;
import java.io.Closeable;
import java.io.IOException;

/**
 * Encodes a {@linkplain TextScan scanned} text split by split and piece by piece; the tokens are the same as if each
 * split were encoded as a whole. Between two texts is BOS, or a blank line if the tokenizer has none.
 */
final class EncodedText implements Closeable {
    /** What joins two texts without BOS. */
    static final String BLANK_LINE = "\n\n";

    private final String name;
    private final MarkedPieces reader;
    private final Tokenizer tokenizer;

    /** The beginning of the next split, which was read already. */
    private String ahead = "";

    EncodedText(TextSource text, RecordFormat format, Tokenizer tokenizer) {
        this(text.name(), new MarkedPieces(text, format, tokenizer), tokenizer);
    }

    EncodedText(String name, MarkedPieces reader, Tokenizer tokenizer) {
        this.name = name;
        this.reader = reader;
        this.tokenizer = tokenizer;
    }

    /** Receives tokens. */
    interface Sink {
        void write(int[] ids, int offset, int length) throws IOException;
    }

    /**
     * Writes the tokens of the next {@code characters} code points to {@code sink}; the boundary between two texts and
     * a special token count as one each.
     */
    void copy(long characters, Sink sink) throws IOException {
        ChunkedText chunks = new ChunkedText(tokenizer::lastCut);
        for (long left = characters; left > 0; ) {
            String piece = next(left);
            left -= piece.codePointCount(0, piece.length());
            if (reader.mark() == MarkedPieces.TEXT) {
                encode(chunks.take(piece), sink);
                continue;
            }
            encode(chunks.rest(), sink);
            chunks = new ChunkedText(tokenizer::lastCut);
            writeMark(reader.mark(), sink);
        }
        encode(chunks.rest(), sink);
    }

    private void writeMark(int mark, Sink sink) throws IOException {
        int id = mark == MarkedPieces.BOUNDARY ? tokenizer.bos() : mark;
        if (id < 0) {
            encode(BLANK_LINE, sink);
        } else {
            sink.write(new int[] {id}, 0, 1);
        }
    }

    /** Returns the next piece of the text, with at most {@code most} code points. */
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

    /** Refuses a text that grew since it was scanned. */
    void checkEnd() throws IOException {
        if (!ahead.isEmpty() || reader.next() != null) {
            throw changed();
        }
    }

    private DataException changed() {
        return new DataException(
                "data " + name + ": the text changed while it was read; it is read twice and must stay the same");
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}

package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.DataException;
import java.io.Closeable;
import java.io.IOException;

/** The tokens of a text that was {@linkplain TextScan scanned}, handed out in order, a buffer at a time. */
final class EncodedText implements Closeable {
    private final String name;
    private final TextReader reader;
    private final Tokenizer tokenizer;
    private int[] ids = {};
    private int used;

    EncodedText(TextSource text, Tokenizer tokenizer) {
        this.name = text.name();
        this.reader = text.open();
        this.tokenizer = tokenizer;
    }

    /** Takes tokens. */
    interface Sink {
        void write(int[] ids, int offset, int length) throws IOException;
    }

    /** Hands out the next tokens. */
    void copy(long count, Sink sink) throws IOException {
        for (long left = count; left > 0; ) {
            if (used == ids.length && !fill()) {
                throw changed();
            }
            int some = (int) Math.min(left, ids.length - used);
            sink.write(ids, used, some);
            used += some;
            left -= some;
        }
    }

    /** Refuses tokens that were not there when the text was scanned. */
    void checkEnd() throws IOException {
        if (used < ids.length || fill()) {
            throw changed();
        }
    }

    private boolean fill() throws IOException {
        String piece = reader.next();
        if (piece == null) {
            return false;
        }
        try {
            ids = tokenizer.encode(piece);
        } catch (IllegalArgumentException newCharacter) {
            throw changed();
        }
        used = 0;
        return true;
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

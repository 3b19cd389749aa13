package dev.microgpt.train.data;

import dev.microgpt.model.tokenizer.SpecialTokens;
import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextPieces;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of a text and the marks between them: the boundary between two texts and, if the format has them, special
 * tokens that are written out. A mark is a piece of its own, and counts as one character.
 */
final class MarkedPieces implements Closeable, ChunkedText.Places {
    /** The piece is text. */
    static final int TEXT = -1;

    /** The piece is the boundary between two texts. */
    static final int BOUNDARY = -2;

    /** The piece that is a mark; no text may have this character. */
    private static final String MARK = "\0";

    private final TextPieces in;
    private final @Nullable SpecialTokens specials; // null if they are plain text
    private ChunkedText chunks;

    /** What was read last: text and special tokens in turn; those before {@code at} were returned. */
    private List<String> pieces = List.of();

    private int at;
    private @Nullable String ahead; // the beginning of the next text
    private boolean isBegun;
    private boolean isAtEnd;
    private boolean isReturned; // something was
    private boolean isFirstMark;
    private int mark;

    MarkedPieces(TextSource source, RecordFormat format, Tokenizer tokenizer) {
        this(format.texts(source), format.hasSpecialTokens() ? SpecialTokens.of(tokenizer) : null, false);
    }

    /**
     * Reads a part of a text.
     *
     * @param specials null if special tokens are plain text
     * @param follows  whether other text is before it
     */
    MarkedPieces(TextPieces in, @Nullable SpecialTokens specials, boolean follows) {
        this.in = in;
        this.specials = specials;
        this.chunks = new ChunkedText(this);
        this.isBegun = follows;
    }

    /** Returns where a special token cannot have begun yet. */
    @Override
    public int lastCut(String beginning) {
        return specials == null ? beginning.length() : specials.lastCut(beginning);
    }

    /** Returns the next piece, which is not empty, or null after the last. */
    @Nullable
    String next() throws IOException {
        while (true) {
            while (at < pieces.size()) {
                String piece = pieces.get(at++);
                if (at % 2 == 0) {
                    mark = Objects.requireNonNull(specials).ids().get(piece);
                    return MARK;
                }
                if (!piece.isEmpty()) {
                    isReturned = true;
                    mark = TEXT;
                    return piece;
                }
            }
            if (isAtEnd) {
                return null;
            }
            if (passesBoundary()) {
                isFirstMark |= !isReturned;
                isReturned = true;
                mark = BOUNDARY;
                return MARK;
            }
        }
    }

    /** Reads on, possibly nothing; returns whether a boundary is before it. */
    private boolean passesBoundary() throws IOException {
        if (ahead != null) {
            split(chunks.take(ahead));
            ahead = null;
            return true;
        }
        String piece = in.next();
        if (piece == null || isBegun && in.beginsText()) {
            split(chunks.rest());
            chunks = new ChunkedText(this);
            ahead = piece;
            isAtEnd = piece == null;
        } else {
            split(chunks.take(piece));
        }
        isBegun = true;
        return false;
    }

    private void split(String text) {
        pieces = specials == null ? List.of(text) : specials.split(text);
        at = 0;
    }

    /** Returns what the last piece is: {@link #TEXT}, {@link #BOUNDARY}, or the id of a special token. */
    int mark() {
        return mark;
    }

    /** Returns whether a boundary came before any text. */
    boolean isFirstMark() {
        return isFirstMark;
    }

    TextRepairs repairs() {
        return in.repairs();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

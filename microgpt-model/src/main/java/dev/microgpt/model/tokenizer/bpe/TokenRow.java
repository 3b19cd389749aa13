package dev.microgpt.model.tokenizer.bpe;

import java.util.Arrays;

/**
 * Words as rows of tokens in which neighbours can be joined, in one array with one place a byte.
 *
 * <p>A token of id {@code t} at position {@code p} has {@code t} at its first byte and {@code ~t} at its last, unless
 * that is the first too. As the length of each token is known, so are its neighbours: no links are kept. All other
 * places, those between the words among them, are free.
 */
public final class TokenRow {
    /** What {@link #next} and {@link #previous} return at the end of a word. */
    public static final int NONE = -1;

    private static final int FREE = Integer.MIN_VALUE; // neither an id nor ~id

    private final int[] places;

    /** The number of bytes by token id. */
    private final int[] lengths;

    /**
     * Creates rows without tokens.
     *
     * @param lengths the number of bytes by token id, which may be set later than here; kept
     * @param size the number of places; the first and the last stay free
     */
    public TokenRow(int[] lengths, int size) {
        this.lengths = lengths;
        places = new int[size];
        Arrays.fill(places, FREE);
    }

    public int size() {
        return places.length;
    }

    /** Puts the token of a single byte at a position. */
    public void set(int position, int token) {
        places[position] = token;
    }

    /** Returns the token that begins at a position, or a negative number. */
    public int token(int position) {
        return places[position];
    }

    /** Returns the position of the token after the one at a position, or {@link #NONE}. */
    public int next(int position) {
        int next = position + lengths[places[position]];
        return places[next] == FREE ? NONE : next;
    }

    /** Returns the position of the token before the one at a position, or {@link #NONE}. */
    public int previous(int position) {
        int last = places[position - 1];
        if (last == FREE) {
            return NONE;
        }
        return position - lengths[last < 0 ? ~last : last];
    }

    /** Puts a token in place of the one at a position and the one after it, whose lengths are its length. */
    public void join(int position, int token) {
        int right = position + lengths[places[position]];
        int last = right + lengths[places[right]] - 1;
        places[right - 1] = FREE;
        places[right] = FREE;
        places[last] = ~token;
        places[position] = token;
    }
}

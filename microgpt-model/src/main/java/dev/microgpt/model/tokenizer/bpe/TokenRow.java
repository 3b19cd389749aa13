package dev.microgpt.model.tokenizer.bpe;

import java.util.Arrays;

/**
 * Words as rows of tokens in which adjacent tokens can be joined: one array with one place per byte.
 *
 * <p>A token with id {@code t} has {@code t} at its first byte and {@code ~t} at its last, unless both are the same
 * place. Its length leads to the adjacent tokens, so no links are stored. All other places, including those between
 * words, are free.
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
     * @param lengths the number of bytes by token id; not copied, may be filled in later
     * @param size    the number of places; the first and the last stay free
     */
    public TokenRow(int[] lengths, int size) {
        this.lengths = lengths;
        places = new int[size];
        Arrays.fill(places, FREE);
    }

    public int size() {
        return places.length;
    }

    /** Places the token of a single byte at a position. */
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

    /** Replaces the token at a position and the next one by a token of their total length. */
    public void join(int position, int token) {
        int right = position + lengths[places[position]];
        int last = right + lengths[places[right]] - 1;
        places[right - 1] = FREE;
        places[right] = FREE;
        places[last] = ~token;
        places[position] = token;
    }
}

package dev.microgpt.model.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Special tokens written out in a text: encodes {@code "<|endoftext|>"} as the one token that a {@link Tokenizer} takes
 * for plain characters.
 *
 * <pre>{@code
 * SpecialTokens specials = SpecialTokens.of(tokenizer);
 * int[] ids = specials.encode("The end.<|endoftext|>Chapter 1");
 * }</pre>
 *
 * <p>Only for text whose author may set such marks: whoever writes a text that is encoded this way can end a document
 * in the middle of it.
 *
 * <p>Immutable, and as thread-safe as its tokenizer.
 */
public final class SpecialTokens {
    private static final int NONE = Integer.MAX_VALUE;

    private final Tokenizer tokenizer;
    private final Map<String, Integer> ids;

    private final List<String> texts;
    private final int longest;

    private SpecialTokens(Tokenizer tokenizer, Map<String, Integer> ids) {
        this.tokenizer = tokenizer;
        this.ids = ids;
        texts = List.copyOf(ids.keySet());
        int longest = 0;
        for (String text : texts) {
            longest = Math.max(longest, text.length());
        }
        this.longest = longest;
    }

    /**
     * Returns the special tokens of a tokenizer: those of a BPE vocabulary, and for any other tokenizer
     * {@value BpeVocabulary#END_OF_TEXT}, which is its {@link Tokenizer#bos()}; none if it has no BOS.
     *
     * @param tokenizer the tokenizer, which encodes the text between them
     * @return its special tokens
     */
    public static SpecialTokens of(Tokenizer tokenizer) {
        if (tokenizer instanceof BpeTokenizer bpe) {
            return new SpecialTokens(tokenizer, bpe.vocabulary().specialTokens());
        }
        return new SpecialTokens(
                tokenizer, tokenizer.bos() < 0 ? Map.of() : Map.of(BpeVocabulary.END_OF_TEXT, tokenizer.bos()));
    }

    /** {@return the ids of the special tokens by text; unmodifiable} */
    public Map<String, Integer> ids() {
        return ids;
    }

    /**
     * Returns the first special token that is written out in a text.
     *
     * @param text may be empty
     * @return its text, the longest of several that begin there; {@code null} if there is none
     */
    public @Nullable String firstIn(String text) {
        Scan scan = new Scan(text);
        return scan.next() ? scan.found : null;
    }

    /**
     * Cuts a text at the special tokens that are written out in it: the first one, the longest of several that begin
     * there, and so on after it. The work grows as the length of the text.
     *
     * @param text may be empty
     * @return an odd number of pieces which together are the text: plain text and special tokens in turn; before the
     *     first, between two and after the last special token the plain text may be empty
     */
    public List<String> split(String text) {
        Scan scan = new Scan(text);
        List<String> pieces = new ArrayList<>();
        while (scan.next()) {
            pieces.add(text.substring(scan.from, scan.at));
            pieces.add(scan.found);
            scan.from = scan.at + scan.found.length();
        }
        pieces.add(text.substring(scan.from));
        return pieces;
    }

    /**
     * Encodes text in which special tokens are written out: the first one, the longest of several that begin there, is
     * one token, and so on after it; what stands between them is encoded by the tokenizer, each piece by itself.
     *
     * @param text may be empty
     * @return the ids, among them {@link Tokenizer#bos()} if its text occurs
     * @throws IllegalArgumentException if the vocabulary cannot express the text between special tokens
     */
    public int[] encode(String text) {
        Scan scan = new Scan(text);
        List<int[]> pieces = new ArrayList<>();
        while (scan.next()) {
            pieces.add(piece(text, scan.from, scan.at));
            pieces.add(new int[] {ids.get(scan.found)});
            scan.from = scan.at + scan.found.length();
        }
        int[] last = piece(text, scan.from, text.length());
        return pieces.isEmpty() ? last : joined(pieces, last);
    }

    /**
     * Returns where text can be cut, knowing only its beginning, such that encoding both parts with special tokens
     * gives the ids of the whole, as {@link Tokenizer#lastCut} does.
     *
     * @param beginning the text so far, which does not end inside a character
     * @return the largest index at which a cut is safe whatever text follows, from 0 to {@code beginning.length()}
     */
    public int lastCut(String beginning) {
        Scan scan = new Scan(beginning);
        int unfinished = unfinished(beginning, 0);
        while (scan.next() && scan.at < unfinished) {
            scan.from = scan.at + scan.found.length();
            unfinished = unfinished(beginning, scan.from);
        }
        return scan.from + tokenizer.lastCut(beginning.substring(scan.from, unfinished));
    }

    /** Returns the first index from which the rest of a text may become a special token, or the length of the text. */
    private int unfinished(String text, int from) {
        for (int i = Math.max(from, text.length() - longest + 1); i < text.length(); i++) {
            for (String special : texts) {
                int rest = text.length() - i;
                if (rest < special.length() && text.startsWith(special.substring(0, rest), i)) {
                    return i;
                }
            }
        }
        return text.length();
    }

    private int[] piece(String text, int from, int to) {
        try {
            return tokenizer.encode(text.substring(from, to));
        } catch (IllegalArgumentException unknown) {
            if (from == 0) {
                throw unknown;
            }
            throw new IllegalArgumentException(
                    unknown.getMessage() + " (index 0 is here the character after a special token, at index "
                            + text.codePointCount(0, from) + " of the whole text)",
                    unknown);
        }
    }

    private static int[] joined(List<int[]> pieces, int... last) {
        int length = last.length;
        for (int[] piece : pieces) {
            length += piece.length;
        }
        int[] all = new int[length];
        int at = 0;
        for (int[] piece : pieces) {
            System.arraycopy(piece, 0, all, at, piece.length);
            at += piece.length;
        }
        System.arraycopy(last, 0, all, at, last.length);
        return all;
    }

    /** The special tokens of a text, from left to right. */
    private final class Scan {
        private final String text;

        /** The next index of each special token, at or after which it was searched last. */
        private final int[] places = new int[texts.size()];

        /** Where the next special token is searched from. */
        private int from;

        /** The special token that was found last, and its index. */
        private String found = "";

        private int at;

        Scan(String text) {
            this.text = text;
            Arrays.fill(places, -1);
        }

        /** Finds the next special token, and returns whether there is one. */
        boolean next() {
            at = NONE;
            for (int i = 0; i < places.length; i++) {
                if (places[i] < from) {
                    int place = text.indexOf(texts.get(i), from);
                    places[i] = place < 0 ? NONE : place;
                }
                boolean isFirst =
                        places[i] < at || places[i] == at && texts.get(i).length() > found.length();
                if (isFirst && places[i] != NONE) {
                    at = places[i];
                    found = texts.get(i);
                }
            }
            return at != NONE;
        }
    }
}

package dev.microgpt.train.data;

/** Rechunks the pieces of a text so that they end only where the text may be cut. */
final class ChunkedText {
    private final Places places;
    private final StringBuilder waiting = new StringBuilder(); // for what follows
    private int worthTrying;

    ChunkedText(Places places) {
        this.places = places;
    }

    /** Finds the last index at which a text may be cut, given only its beginning; 0 if there is none. */
    interface Places {
        int lastCut(String beginning);
    }

    /** Adds a piece; returns the text up to the last place where it may be cut, possibly empty. */
    String take(String piece) {
        waiting.append(piece);
        if (waiting.length() < worthTrying) {
            return "";
        }
        String text = waiting.toString();
        int cut = places.lastCut(text);
        waiting.setLength(0);
        waiting.append(text, cut, text.length());
        worthTrying = 2 * waiting.length(); // a word of a gigabyte must not be searched again for each piece
        return text.substring(0, cut);
    }

    /** Returns the rest at the end of the text. */
    String rest() {
        return waiting.toString();
    }
}

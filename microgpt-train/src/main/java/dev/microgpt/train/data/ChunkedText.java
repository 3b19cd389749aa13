package dev.microgpt.train.data;

/** Puts the pieces of a text together again and cuts it anew, only where that is allowed. */
final class ChunkedText {
    private final Places places;
    private final StringBuilder waiting = new StringBuilder(); // for what follows
    private int worthTrying;

    ChunkedText(Places places) {
        this.places = places;
    }

    /** Knows where a text, of which only the beginning is there, can be cut: the largest index, or 0. */
    interface Places {
        int lastCut(String beginning);
    }

    /** Takes the next piece and returns what can be handed out now, perhaps nothing. */
    String take(String piece) {
        waiting.append(piece);
        if (waiting.length() < worthTrying) {
            return "";
        }
        String text = waiting.toString();
        int cut = places.lastCut(text);
        waiting.setLength(0);
        waiting.append(text, cut, text.length());
        worthTrying = 2 * waiting.length(); // so that one word of a gigabyte is not looked at again and again
        return text.substring(0, cut);
    }

    /** Returns what is left at the end of the text. */
    String rest() {
        return waiting.toString();
    }
}

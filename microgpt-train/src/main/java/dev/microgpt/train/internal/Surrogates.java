package dev.microgpt.train.internal;

/** Halves of surrogate pairs, which Java strings and JSON escapes can hold, but UTF-8 cannot encode. */
public final class Surrogates {
    private Surrogates() {}

    /** Returns the index of the first half without the other, or -1. */
    public static int unpaired(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (Character.getType(text.codePointAt(i)) == Character.SURROGATE) {
                return i;
            }
        }
        return -1;
    }
}

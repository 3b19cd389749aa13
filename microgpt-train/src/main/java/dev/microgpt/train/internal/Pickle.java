package dev.microgpt.train.internal;

/**
 * Recognizes a Python pickle, such as the {@code meta.pkl} of nanoGPT.
 *
 * @see <a href="https://docs.python.org/3/library/pickle.html">pickle, with its warning</a>
 */
public final class Pickle {
    /** The end of an error message, with the repair. */
    public static final String REPAIR = ", which is not read, because reading one can run code in it; a meta.pkl of"
            + " nanoGPT has only the characters of a text, and the same corpus is made from the text by: microgpt data"
            + " prepare --data input.txt --out DIR";

    private static final int PROTOCOL = 0x80;
    private static final int FIRST = 2; // protocol with a mark at the start
    private static final int LAST = 5;

    private Pickle() {}

    /** Returns whether a file that starts with these bytes is a pickle; no UTF-8 starts like that. */
    public static boolean isIn(byte[] start) {
        return start.length > 1 && Byte.toUnsignedInt(start[0]) == PROTOCOL && start[1] >= FIRST && start[1] <= LAST;
    }
}

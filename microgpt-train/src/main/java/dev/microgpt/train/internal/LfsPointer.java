package dev.microgpt.train.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Recognizes a Git LFS pointer: three lines of text that stand for a large file in a repository until {@code git lfs
 * pull} downloads it.
 *
 * @see <a href="https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md">Git LFS, the pointer file</a>
 */
public final class LfsPointer {
    /** The number of bytes at the start of a file that are worth passing. */
    public static final int USEFUL_BYTES = 48;

    /** The end of an error message, with the repair. */
    public static final String REPAIR = "; run: git lfs pull";

    private static final String START = "version https://git-lfs.github.com/spec";

    /** The first versions of Git LFS had another name. */
    private static final String FORMER_START = "version https://hawser.github.com/spec";

    private LfsPointer() {}

    /** Returns whether a file that starts with these bytes is a pointer. */
    public static boolean isIn(byte[] start) {
        byte[] useful = Arrays.copyOf(start, Math.min(start.length, USEFUL_BYTES));
        String text = new String(useful, StandardCharsets.ISO_8859_1);
        return text.startsWith(START) || text.startsWith(FORMER_START);
    }
}

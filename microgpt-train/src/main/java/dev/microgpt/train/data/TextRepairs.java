package dev.microgpt.train.data;

import java.util.ArrayList;
import java.util.List;

/**
 * What was set right in a text while it was read.
 *
 * @param lineEnds       lines that ended in CRLF or CR, as on other systems, and are taken to end in LF
 * @param byteOrderMarks marks at the start of a file that were dropped
 * @param blankLines     lines without a document that were skipped
 */
public record TextRepairs(long lineEnds, long byteOrderMarks, long blankLines) {
    /** Nothing was. */
    public static final TextRepairs NONE = new TextRepairs(0, 0, 0);

    /** {@return one sentence, without its full stop; empty if nothing was set right} */
    public String description() {
        List<String> parts = new ArrayList<>();
        if (lineEnds > 0) {
            parts.add("read " + lineEnds + (lineEnds == 1 ? " line that ends" : " lines that end")
                    + " in CR or CRLF as if in LF");
        }
        if (byteOrderMarks > 0) {
            parts.add("dropped " + (byteOrderMarks == 1 ? "a byte order mark" : byteOrderMarks + " byte order marks"));
        }
        if (blankLines > 0) {
            parts.add("skipped " + blankLines + (blankLines == 1 ? " blank line" : " blank lines"));
        }
        return String.join(", ", parts);
    }
}

package dev.microgpt.train.data.read;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * The deviations from plain LF-terminated UTF-8 text that were normalized while a text was read.
 *
 * @param lineEnds       the number of lines that ended in CRLF or CR and were read as if in LF
 * @param byteOrderMarks the number of byte order marks dropped at the start of a file
 * @param blankLines     the number of lines skipped because they have no document
 * @param blankRecords   the number of other records skipped because they are blank
 * @param blankJoins     the number of pairs of texts joined by a blank line for want of a token
 */
public record TextRepairs(long lineEnds, long byteOrderMarks, long blankLines, long blankRecords, long blankJoins)
        implements Serializable {
    /** Nothing was normalized. */
    public static final TextRepairs NONE = new TextRepairs(0, 0, 0);

    /**
     * Describes lines.
     *
     * @param lineEnds       the number of lines that ended in CRLF or CR and were read as if in LF
     * @param byteOrderMarks the number of byte order marks dropped at the start of a file
     * @param blankLines     the number of lines skipped because they have no document
     */
    public TextRepairs(long lineEnds, long byteOrderMarks, long blankLines) {
        this(lineEnds, byteOrderMarks, blankLines, 0, 0);
    }

    /**
     * Adds what was normalized in another part of a text.
     *
     * @param other the other part
     * @return the sums
     */
    public TextRepairs plus(TextRepairs other) {
        return new TextRepairs(
                lineEnds + other.lineEnds,
                byteOrderMarks + other.byteOrderMarks,
                blankLines + other.blankLines,
                blankRecords + other.blankRecords,
                blankJoins + other.blankJoins);
    }

    /** {@return a sentence without its full stop; empty if nothing was normalized} */
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
        if (blankRecords > 0) {
            parts.add("skipped " + blankRecords + (blankRecords == 1 ? " blank record" : " blank records"));
        }
        if (blankJoins > 0) {
            parts.add("joined " + (blankJoins + 1) + " texts with a blank line, since the tokenizer has no token that"
                    + " ends a text");
        }
        return String.join(", ", parts);
    }
}

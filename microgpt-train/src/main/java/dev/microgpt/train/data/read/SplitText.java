package dev.microgpt.train.data.read;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Splits each file of a text at a separator. The memory needed is that of the longest part. */
final class SplitText implements Closeable {
    /** The most characters of a part or a record, 64 Mi, unless it is a line that is a document. */
    static final int LONGEST = 1 << 26;

    private final TextReader in;
    private final String separator;
    private final int linesOfSeparator;
    private final int longest;
    private final String part; // what a part is, for messages

    /** What was read; parts that were returned stay before {@code start} until more is read. */
    private final StringBuilder waiting = new StringBuilder();

    private int start;

    /** There is no separator that begins before this index. */
    private int searched;

    /** The beginning of the next file; null at the end of the text. */
    private @Nullable String ahead;

    private boolean isBegun;
    private boolean isAtEnd; // of the file
    private String file = "";
    private int line; // of the last part
    private int nextLine;

    SplitText(TextReader in, String separator, int longest, String part) {
        this.in = in;
        this.separator = separator;
        this.linesOfSeparator = TextReader.count('\n', separator);
        this.longest = longest;
        this.part = part;
    }

    /** Goes on to the next file that is not empty; returns whether there is one. The last one must be at its end. */
    boolean nextFile() throws IOException {
        if (!isBegun) {
            isBegun = true;
            ahead = in.next();
        }
        if (ahead == null) {
            return false;
        }
        waiting.setLength(0);
        waiting.append(ahead);
        start = 0;
        searched = 0;
        isAtEnd = false;
        file = in.file();
        nextLine = 1;
        return true;
    }

    /** Returns the next part of the file; after a separator at its end comes none. Returns null at the end. */
    @Nullable
    String next() throws IOException {
        int end = waiting.indexOf(separator, searched);
        while (end < 0 && !isAtEnd) {
            readOn();
            end = waiting.indexOf(separator, searched);
        }
        boolean isLast = end < 0;
        if (isLast && start == waiting.length()) {
            return null;
        }
        String part = waiting.substring(start, isLast ? waiting.length() : end);
        checkLength(part.length());
        start = isLast ? waiting.length() : end + separator.length();
        searched = start;
        line = nextLine;
        nextLine += TextReader.count('\n', part) + (isLast ? 0 : linesOfSeparator);
        return part;
    }

    private void readOn() throws IOException {
        waiting.delete(0, start);
        start = 0;
        searched = Math.max(0, waiting.length() - separator.length() + 1);
        checkLength(waiting.length() - separator.length());
        String piece = in.next();
        if (piece == null || in.beginsText()) {
            ahead = piece;
            isAtEnd = true;
        } else {
            waiting.append(piece);
        }
    }

    private void checkLength(int length) throws DataException {
        if (length > longest) {
            throw refusal(
                    nextLine,
                    part + " has more than " + longest + " characters, but must fit in memory; is it another format?");
        }
    }

    /** Returns the most characters of a part. */
    int longest() {
        return longest;
    }

    /** Returns the file that is read. */
    String file() {
        return file;
    }

    /** Returns the line in which the last part begins, from 1. */
    int line() {
        return line;
    }

    /** Returns an error in a line of the file. */
    DataException refusal(int line, String message) {
        return new DataException("data " + file + ":" + line + ": " + message);
    }

    TextRepairs repairs() {
        return in.repairs();
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}

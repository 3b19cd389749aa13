package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.PythonSpace;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Records between separators, without white space at their ends. */
final class SeparatedRecords extends Records {
    private final boolean areLines;
    private int line;

    /** Reads records; lines may be of any length. */
    SeparatedRecords(TextReader in, String separator, boolean areLines) {
        super(new SplitText(in, separator, areLines ? Integer.MAX_VALUE : SplitText.LONGEST, "a record"));
        this.areLines = areLines;
    }

    @Override
    void begin() {
        // no file has a beginning of its own
    }

    @Override
    @Nullable
    String read() throws IOException {
        String part = in.next();
        if (part == null) {
            return null;
        }
        String record = PythonSpace.strip(part);
        int before = record.isEmpty() ? 0 : part.indexOf(record);
        line = in.line() + (before == 0 ? 0 : TextReader.count('\n', part.substring(0, before)));
        return record;
    }

    @Override
    public int line() {
        return line;
    }

    @Override
    public String place(String piece, int index) {
        return file() + ":" + (line + TextReader.count('\n', piece.substring(0, index)));
    }

    @Override
    public TextRepairs repairs() {
        TextRepairs read = super.repairs();
        return areLines ? new TextRepairs(read.lineEnds(), read.byteOrderMarks(), blank()) : read;
    }
}

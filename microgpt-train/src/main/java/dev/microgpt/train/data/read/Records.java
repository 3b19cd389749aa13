package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.PythonSpace;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The records of a text, each a text of its own. Blank ones are skipped. */
abstract class Records implements TextPieces {
    final SplitText in;
    private boolean isInFile;
    private long blank;

    Records(SplitText in) {
        this.in = in;
    }

    /** Begins a file. */
    abstract void begin();

    /** Returns the next record of the file, possibly blank, or null at its end. */
    abstract @Nullable String read() throws IOException;

    @Override
    public final @Nullable String next() throws IOException {
        while (true) {
            if (!isInFile) {
                if (!in.nextFile()) {
                    return null;
                }
                isInFile = true;
                begin();
            }
            String record = read();
            if (record == null) {
                isInFile = false;
            } else if (PythonSpace.strip(record).isEmpty()) {
                blank++;
            } else {
                return record;
            }
        }
    }

    /** Returns the number of blank records. */
    final long blank() {
        return blank;
    }

    @Override
    public final boolean beginsText() {
        return true;
    }

    @Override
    public final String file() {
        return in.file();
    }

    @Override
    public TextRepairs repairs() {
        TextRepairs read = in.repairs();
        return new TextRepairs(read.lineEnds(), read.byteOrderMarks(), 0, blank, 0);
    }

    @Override
    public final void close() throws IOException {
        in.close();
    }
}

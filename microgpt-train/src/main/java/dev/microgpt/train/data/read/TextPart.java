package dev.microgpt.train.data.read;

import dev.microgpt.model.tokenizer.Tokenizer;
import dev.microgpt.train.internal.disk.OrdinaryFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of the text files of a {@link TextSource}, which can be read apart from the others, also by another process
 * that sees the same files. Immutable.
 *
 * <p>All parts together, in order, are the text as it is; each begins where a tokenizer of this library may cut it.
 */
public final class TextPart implements Serializable {
    private static final long serialVersionUID = 1;

    private final ArrayList<Range> ranges;

    private TextPart(List<Range> ranges) {
        this.ranges = new ArrayList<>(ranges);
    }

    /** The bytes of a file from the first or one behind a line feed, to the last or up to such a one. */
    record Range(String file, long from, long to, long size) implements Serializable {}

    /**
     * Divides files into parts of about the same number of bytes.
     *
     * @param source ordinary files
     * @param count  the number of parts, at least 1
     * @return {@code count} parts; some have no text if there are fewer lines
     * @throws IllegalArgumentException if the number is below 1
     * @throws DataException            if a file is not an ordinary one
     * @throws IOException              if a file cannot be read
     */
    public static List<TextPart> of(TextSource source, int count) throws IOException {
        if (count < 1) {
            throw new IllegalArgumentException("text: the number of parts is " + count + ", but must be at least 1");
        }
        List<Path> files = source.files();
        long total = 0;
        for (Path file : files) {
            total += Files.size(file);
        }
        List<TextPart> parts = new ArrayList<>();
        List<Range> ranges = new ArrayList<>();
        long before = 0;
        for (Path file : files) {
            long size = Files.size(file);
            long from = 0;
            while (from < size) {
                long end = parts.size() == count - 1 ? Long.MAX_VALUE : share(total, parts.size() + 1, count) - before;
                long to = end >= size ? size : end <= from ? from : lineAfter(file, end, size);
                if (to > from) {
                    ranges.add(new Range(file.toString(), from, to, size));
                }
                from = to;
                if (end < size) {
                    parts.add(new TextPart(ranges));
                    ranges.clear();
                }
            }
            before += size;
        }
        parts.add(new TextPart(ranges));
        while (parts.size() < count) {
            parts.add(new TextPart(List.of()));
        }
        return parts;
    }

    private static long share(long total, int part, int count) {
        return total / count * part + total % count * part / count;
    }

    /** Returns the position behind the first line feed at or behind a byte. */
    private static long lineAfter(Path file, long at, long size) throws IOException {
        try (InputStream in = new FileRange(file, at, size)) {
            byte[] buffer = new byte[TextReader.BUFFER_BYTES];
            long position = at;
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == '\n') {
                        return position + i + 1;
                    }
                }
                position += read;
            }
        }
        return size;
    }

    /**
     * Reads the part.
     *
     * @param tokenizer the tokenizer that is to encode it, which decides where it may be cut
     * @return its pieces, to be closed; {@link TextPieces#beginsText} is false for the first one if it continues the
     *     text of the part before
     */
    public TextPieces open(Tokenizer tokenizer) {
        return new RangeReader(List.copyOf(ranges), tokenizer);
    }

    /** Some bytes of a file. */
    private static final class FileRange extends InputStream {
        private final RandomAccessFile in;
        private long left;

        FileRange(Path file, long from, long to) throws IOException {
            in = OrdinaryFile.openRandom(file);
            in.seek(from);
            left = to - from;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = in.read(buffer, from, (int) Math.min(length, left));
            left -= Math.max(read, 0);
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /** Reads ranges, each from the first cut in it up to the first one behind its end. */
    private static final class RangeReader implements TextPieces {
        private final List<Range> ranges;
        private final Tokenizer tokenizer;
        private int next;
        private @Nullable TextReader in;
        private int skipped; // chars that belong to the range before and are still to come
        private boolean isAtFileStart;
        private boolean beginsText;
        private TextRepairs repairs = TextRepairs.NONE;

        RangeReader(List<Range> ranges, Tokenizer tokenizer) {
            this.ranges = ranges;
            this.tokenizer = tokenizer;
        }

        @Override
        public @Nullable String next() throws IOException {
            while (true) {
                TextReader reader = in;
                if (reader == null) {
                    if (next == ranges.size()) {
                        return null;
                    }
                    Range range = ranges.get(next);
                    reader = reader(range.file(), range.from(), range.to());
                    in = reader;
                    skipped = range.from() == 0
                            ? 0
                            : beforeCut(range, range.from()).length();
                    isAtFileStart = range.from() == 0;
                }
                String piece = read(reader, ranges.get(next));
                if (piece == null) {
                    piece = end(reader);
                }
                int known = Math.min(skipped, piece.length());
                skipped -= known;
                if (piece.length() > known) {
                    beginsText = isAtFileStart;
                    isAtFileStart = false;
                    return piece.substring(known);
                }
            }
        }

        /** Closes the reader of a range, and returns what is behind it and before the next cut. */
        private String end(TextReader reader) throws IOException {
            TextRepairs read = reader.repairs();
            repairs = new TextRepairs(
                    repairs.lineEnds() + read.lineEnds(), repairs.byteOrderMarks() + read.byteOrderMarks(), 0);
            reader.close();
            in = null;
            Range range = ranges.get(next++);
            return range.to() == range.size() ? "" : beforeCut(range, range.to());
        }

        private static TextReader reader(String file, long from, long to) {
            TextSource.Part part = new TextSource.Part(file, () -> new FileRange(Path.of(file), from, to));
            return new TextReader(part, from);
        }

        /** Returns the text from a byte up to the first cut behind it, or up to the end of the file. */
        private String beforeCut(Range range, long from) throws IOException {
            StringBuilder text = new StringBuilder();
            try (TextReader reader = reader(range.file(), from, range.size())) {
                int tried = 16;
                for (String piece = read(reader, range); piece != null; piece = read(reader, range)) {
                    text.append(piece);
                    for (; tried <= text.length(); tried *= 2) {
                        int cut = firstCut(text, tried);
                        if (cut > 0) {
                            return text.substring(0, cut);
                        }
                    }
                }
            }
            int cut = firstCut(text, text.length());
            return cut > 0 ? text.substring(0, cut) : text.toString();
        }

        /** Returns the first cut in the beginning of a text, behind its first character; 0 if there is none. */
        private int firstCut(StringBuilder text, int length) {
            int end = length > 0 && Character.isHighSurrogate(text.charAt(length - 1)) ? length - 1 : length;
            int first = 0;
            while (end > 0) {
                int cut = tokenizer.lastCut(text.substring(0, end));
                if (cut == 0) {
                    return first;
                }
                first = cut;
                end = cut < end ? cut : text.offsetByCodePoints(end, -1);
            }
            return first;
        }

        /** An error in a range is that of the whole file, whose lines are not counted until then. */
        private static @Nullable String read(TextReader reader, Range range) throws IOException {
            try {
                return reader.next();
            } catch (DataException wrong) {
                try (TextReader whole = TextSource.of(Path.of(range.file())).open()) {
                    for (String piece = whole.next(); piece != null; piece = whole.next()) {
                        // until the same error, with its line
                    }
                }
                throw wrong;
            }
        }

        @Override
        public boolean beginsText() {
            return beginsText;
        }

        @Override
        public String file() {
            return ranges.isEmpty()
                    ? ""
                    : ranges.get(Math.min(next, ranges.size() - 1)).file();
        }

        /** {@inheritDoc} Here in the range. */
        @Override
        public int line() {
            return in == null ? 1 : in.line();
        }

        @Override
        public String place(String piece, int index) {
            return file();
        }

        @Override
        public TextRepairs repairs() {
            return repairs;
        }

        @Override
        public void close() throws IOException {
            if (in != null) {
                in.close();
            }
        }
    }
}

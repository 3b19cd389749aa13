package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.Quoted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one column of a CSV or TSV file with a header. Stricter than usual: what RFC 4180 does not allow is refused.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a>
 */
final class CsvTable {
    private final SplitText in;
    private final char comma;
    private final String wanted;

    /** The names of the columns; none before the header. */
    private List<String> columns = List.of();

    private int column;

    // the place of the next character of a record
    private String line = "";
    private int at;

    CsvTable(SplitText in, char comma, String wanted) {
        this.in = in;
        this.comma = comma;
        this.wanted = wanted;
    }

    /** Returns the value in the record that begins with a line; null for the header and for an empty line. */
    @Nullable
    String value(String first) throws IOException {
        if (first.isEmpty() && columns.size() != 1) {
            return null;
        }
        line = first;
        at = 0;
        if (columns.isEmpty()) {
            readHeader();
            return null;
        }
        int number = in.line();
        int fields = 0;
        String value = "";
        do {
            String field = field(fields);
            value = fields++ == column ? field : value;
        } while (hasNext());
        if (fields != columns.size()) {
            throw in.refusal(
                    number,
                    "the record has " + fields + (fields == 1 ? " field" : " fields")
                            + ", but must have as many as the header, " + columns.size() + "; which one is "
                            + Quoted.of(wanted) + " is not certain");
        }
        return value;
    }

    private void readHeader() throws IOException {
        int number = in.line();
        List<String> names = new ArrayList<>();
        do {
            names.add(field(names.size()));
        } while (hasNext());
        column = names.indexOf(wanted);
        if (column < 0) {
            throw in.refusal(
                    number,
                    "the header has no column " + Quoted.of(wanted) + ", but must have it; its columns, separated by "
                            + (comma == ',' ? "commas" : "tabs") + ", are " + FieldNames.list(names));
        }
        if (names.lastIndexOf(wanted) > column) {
            throw in.refusal(
                    number, "the header has the column " + Quoted.of(wanted) + " twice, but must have it once");
        }
        columns = names;
    }

    /** Returns whether another field follows, and passes the separator before it. */
    private boolean hasNext() {
        return at++ < line.length();
    }

    /** Returns the field that begins here, and moves to its end. */
    private String field(int number) throws IOException {
        if (at < line.length() && line.charAt(at) == '"') {
            return quoted(number);
        }
        int end = line.indexOf(comma, at);
        String field = line.substring(at, end < 0 ? line.length() : end);
        if (field.indexOf('"') >= 0) {
            throw in.refusal(
                    in.line(),
                    name(number) + " has a quote inside, but does not begin with one; write the"
                            + " whole field in quotes, and each quote in it twice");
        }
        at += field.length();
        return field;
    }

    /** Returns a field in quotes, which may have several lines. */
    private String quoted(int number) throws IOException {
        StringBuilder field = new StringBuilder();
        int opened = in.line();
        at++;
        while (true) {
            int quote = line.indexOf('"', at);
            if (quote < 0) {
                field.append(line, at, line.length()).append('\n');
                line = nextLine(field.length(), number, opened);
                at = 0;
                continue;
            }
            field.append(line, at, quote);
            at = quote + 1;
            if (at == line.length() || line.charAt(at) == comma) {
                return field.toString();
            }
            if (line.charAt(at) != '"') {
                throw in.refusal(
                        in.line(),
                        name(number) + " has text after its closing quote"
                                + (in.line() == opened ? "" : ", which ends what begins in line " + opened)
                                + "; write each quote inside a field twice");
            }
            field.append('"');
            at++;
        }
    }

    private String nextLine(int length, int number, int opened) throws IOException {
        boolean isTooLong = length > in.longest();
        String next = isTooLong ? null : in.next();
        if (next == null) {
            throw in.refusal(
                    opened,
                    name(number) + " opens a quote that must be closed, but is not "
                            + (isTooLong
                                    ? "within " + in.longest() + " characters"
                                    : "closed in the rest of the file"));
        }
        return next;
    }

    /** Returns the name of a field for a message. */
    private String name(int number) {
        return number < columns.size()
                ? "the field " + Quoted.of(columns.get(number))
                : "field " + (number + 1) + (columns.isEmpty() ? " of the header" : "");
    }
}

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

    CsvTable(SplitText in, char comma, String wanted) {
        this.in = in;
        this.comma = comma;
        this.wanted = wanted;
    }

    /** Returns the value in the record that begins with a line; null for the header and for an empty line. */
    @Nullable
    String value(String line) throws IOException {
        if (line.isEmpty() && columns.size() != 1) {
            return null;
        }
        int number = in.line();
        List<String> record = record(line);
        if (columns.isEmpty()) {
            column = record.indexOf(wanted);
            if (column < 0) {
                throw in.refusal(number, FieldNames.missing("column", wanted, record));
            }
            if (record.lastIndexOf(wanted) > column) {
                throw in.refusal(
                        number, "the header has the column " + Quoted.of(wanted) + " twice, but must have it once");
            }
            columns = record;
            return null;
        }
        if (record.size() != columns.size()) {
            throw in.refusal(
                    number,
                    "the record has " + record.size() + (record.size() == 1 ? " field" : " fields")
                            + ", but must have as many as the header, " + columns.size()
                            + "; which one is " + Quoted.of(wanted) + " is not certain");
        }
        return record.get(column);
    }

    /** Returns the fields of a record, which may go on in further lines. */
    private List<String> record(String first) throws IOException {
        List<String> fields = new ArrayList<>();
        String line = first;
        for (int i = 0; ; i++) {
            if (i == line.length() || line.charAt(i) != '"') {
                int comma = line.indexOf(this.comma, i);
                int end = comma < 0 ? line.length() : comma;
                String plain = line.substring(i, end);
                if (plain.indexOf('"') >= 0) {
                    throw in.refusal(
                            in.line(),
                            name(fields) + " has a quote inside, but does not begin with one; write"
                                    + " the whole field in quotes, and each quote in it twice");
                }
                fields.add(plain);
                i = end;
            } else {
                Quotation quotation = new Quotation(line, i + 1, name(fields));
                fields.add(quotation.text.toString());
                line = quotation.line;
                i = quotation.end;
                if (i < line.length() && line.charAt(i) != comma) {
                    throw in.refusal(
                            in.line(),
                            name(fields.subList(0, fields.size() - 1))
                                    + " goes on after its closing quote; write each quote inside a field twice");
                }
            }
            if (i == line.length()) {
                return fields;
            }
        }
    }

    /** Returns the name of the field after some others, for a message. */
    private String name(List<String> before) {
        return before.size() < columns.size()
                ? "the field " + Quoted.of(columns.get(before.size()))
                : "field " + (before.size() + 1) + (columns.isEmpty() ? " of the header" : "");
    }

    /** A field in quotes. */
    private final class Quotation {
        final StringBuilder text = new StringBuilder();

        /** The line in which it ends, and the index after the closing quote. */
        String line;

        int end;

        /** Reads a field from the index after the opening quote on. */
        Quotation(String first, int begin, String name) throws IOException {
            int opened = in.line();
            line = first;
            end = begin;
            while (true) {
                int quote = line.indexOf('"', end);
                if (quote >= 0) {
                    text.append(line, end, quote);
                    end = quote + 1;
                    if (end == line.length() || line.charAt(end) != '"') {
                        return;
                    }
                    text.append('"');
                    end++;
                } else {
                    text.append(line, end, line.length()).append('\n');
                    String next = text.length() > SplitText.LONGEST ? null : in.next();
                    if (next == null) {
                        throw in.refusal(
                                opened,
                                name + " opens a quote that is "
                                        + (text.length() > SplitText.LONGEST
                                                ? "not closed within " + SplitText.LONGEST + " characters"
                                                : "never closed"));
                    }
                    line = next;
                    end = 0;
                }
            }
        }
    }
}

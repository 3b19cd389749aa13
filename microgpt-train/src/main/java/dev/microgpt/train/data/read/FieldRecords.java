package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.PythonSpace;
import dev.microgpt.train.internal.Quoted;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The values of one field of the records of JSON Lines, CSV and TSV files. */
final class FieldRecords extends Records {
    private final String field;
    private final JsonLine json;
    private @Nullable CsvTable csv; // of this file, if it is one
    private boolean isJson;
    private int line;

    /** Reads records of at most {@code longest} characters in a line or a field. */
    FieldRecords(TextReader in, String field, int longest) {
        super(new SplitText(in, "\n", longest, "a line with the field " + Quoted.of(field)));
        this.field = field;
        this.json = new JsonLine(this.in, field);
    }

    @Override
    void begin() {
        String name = file().toLowerCase(Locale.ROOT);
        isJson = name.endsWith(".jsonl") || name.endsWith(".ndjson");
        csv = null;
        if (name.endsWith(".csv")) {
            csv = new CsvTable(in, ',', field);
        } else if (name.endsWith(".tsv")) {
            csv = new CsvTable(in, '\t', field);
        }
    }

    @Override
    @Nullable
    String read() throws IOException {
        for (String text = in.next(); text != null; text = in.next()) {
            line = in.line();
            if (csv == null && PythonSpace.strip(text).isEmpty()) {
                continue;
            }
            if (csv == null && !isJson) {
                decide(PythonSpace.strip(text));
            }
            String value = csv == null ? json.value(text) : csv.value(text);
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /** Decides by its first line what a file is whose name does not tell. */
    private void decide(String text) throws DataException {
        if (text.startsWith("[")) {
            throw in.refusal(
                    line,
                    "found a JSON array, expected JSON Lines, one object a line, or CSV; convert it with:"
                            + " jq -c '.[]'");
        }
        isJson = text.startsWith("{");
        csv = isJson ? null : new CsvTable(in, ',', field);
    }

    @Override
    public int line() {
        return line;
    }

    /** {@inheritDoc} A value may be written in other lines than it has. */
    @Override
    public String place(String piece, int index) {
        return file() + ":" + line;
    }
}

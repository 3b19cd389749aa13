package dev.microgpt.train.data.read;

import dev.microgpt.train.internal.Surrogates;
import java.util.Objects;

/**
 * How a text is divided into records: lines, parts between separators, or the values of a field of JSON Lines or CSV.
 * Immutable.
 *
 * <p>Read as documents, each record is one. Read as one long text, records and files are joined: between two of them a
 * {@link dev.microgpt.train.data.TextCorpus} has the token BOS.
 *
 * <pre>{@code
 * Documents stories = Documents.read(TextSource.of(Path.of("stories.jsonl")), RecordFormat.field("text"));
 * }</pre>
 */
public final class RecordFormat {
    private static final RecordFormat LINES = new RecordFormat("", "", false);

    private final String separator; // empty for none
    private final String field; // empty for none
    private final boolean marked;

    private RecordFormat(String separator, String field, boolean marked) {
        this.separator = separator;
        this.field = field;
        this.marked = marked;
    }

    /**
     * Returns the format of microgpt.py: each line is a document, without the white space at its ends; blank lines are
     * skipped. As one long text, the lines of a file stay together, and each file is read as it is.
     *
     * @return the format
     */
    public static RecordFormat lines() {
        return LINES;
    }

    /**
     * Returns the format of records of several lines, such as {@code separatedBy("\n\n")} or
     * {@code separatedBy("<|endoftext|>")}. White space at the ends of a record is dropped as Python's
     * {@code str.strip()} does; blank records are skipped.
     *
     * @param separator what stands between two records, in a text whose lines end with LF
     * @return the format
     * @throws IllegalArgumentException if the separator is empty, or has U+0000, a carriage return or half of a
     *     surrogate pair
     */
    public static RecordFormat separatedBy(String separator) {
        if (separator.isEmpty()) {
            throw new IllegalArgumentException("records: the separator is empty, but must have at least one character");
        }
        if (separator.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("records: the separator has a carriage return, which no text has after"
                    + " its lines were made to end with LF; write \\n for the end of a line");
        }
        checkText("separator", separator);
        return new RecordFormat(separator, "", false);
    }

    /**
     * Returns the format of one text field of each record of JSON Lines, CSV or TSV files. The value is kept exactly,
     * but its lines end with LF; blank values are skipped.
     *
     * <p>The name of a file decides: {@code .jsonl} and {@code .ndjson} are JSON Lines, {@code .csv} is CSV and
     * {@code .tsv} is CSV with tabs. Any other is JSON Lines if its first character that is not white space is
     * <code>{</code>, and CSV otherwise. Each CSV file begins with a header. A record may have up to 2²⁶ characters.
     *
     * @param name the field or column
     * @return the format
     * @throws IllegalArgumentException if the name is empty, or has U+0000 or half of a surrogate pair
     */
    public static RecordFormat field(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException(
                    "records: the name of the field is empty, but must have at least one" + " character");
        }
        checkText("field", name);
        return new RecordFormat("", name, false);
    }

    private static void checkText(String what, String text) {
        if (text.indexOf('\0') >= 0 || Surrogates.unpaired(text) >= 0) {
            throw new IllegalArgumentException(
                    "records: the " + what + " has U+0000 or half of a surrogate pair, which" + " no text can have");
        }
    }

    /**
     * Returns the same format, but special tokens that are written out in the text, such as
     * {@code <|endoftext|>}, become these tokens, as {@link dev.microgpt.model.tokenizer.SpecialTokens} encodes them.
     * Only for a text whose authors may set such marks.
     *
     * @return the format
     */
    public RecordFormat withSpecialTokens() {
        return new RecordFormat(separator, field, true);
    }

    /** {@return whether special tokens that are written out become these tokens} */
    public boolean hasSpecialTokens() {
        return marked;
    }

    /** {@return whether these are the lines of a text, or the text as it is} */
    public boolean isLines() {
        return separator.isEmpty() && field.isEmpty();
    }

    /** {@return the pattern of the files of a folder that usually have this format, for {@link TextSource#of}} */
    public String usualFiles() {
        return field.isEmpty() ? TextSource.TEXT_FILES : "*.{jsonl,ndjson,csv,tsv}";
    }

    /**
     * Reads the records of a text, each of them one piece.
     *
     * @param text the source
     * @return a reader at the beginning, to be closed
     */
    public TextPieces records(TextSource text) {
        return field.isEmpty()
                ? new SeparatedRecords(text.open(), isLines() ? "\n" : separator, isLines())
                : new FieldRecords(text.open(), field, SplitText.LONGEST);
    }

    /**
     * Reads a text of which each record is a text of its own or, in the format of {@link #lines}, each file is.
     *
     * @param text the source
     * @return a reader at the beginning, to be closed
     */
    public TextPieces texts(TextSource text) {
        return isLines() ? text.open() : records(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordFormat that
                && separator.equals(that.separator)
                && field.equals(that.field)
                && marked == that.marked;
    }

    @Override
    public int hashCode() {
        return Objects.hash(separator, field, marked);
    }

    @Override
    public String toString() {
        String records = field.isEmpty() ? "separated by \"" + separator + '"' : "field \"" + field + '"';
        return "RecordFormat[" + (isLines() ? "lines" : records) + (marked ? ", special tokens" : "") + "]";
    }
}

package dev.microgpt.train.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordFormatTest {
    @TempDir
    private Path folder;

    // ---- separators ----

    @Test
    void recordsOfSeveralLinesAreStrippedAndBlankOnesSkipped() throws IOException {
        RecordFormat stories = RecordFormat.separatedBy("---");
        List<String> expected = List.of("1:one\n\ntwo", "6:a--b", "9:last");
        assertEquals(expected, records(stories, "s.txt", "one\r\n\r\ntwo \n---\n\n a--b\n---\n---\nlast"));
        assertEquals(List.of("2:a", "2:b"), records(stories, "s.txt", "\n a---b---"));
    }

    @Test
    void blankRecordsAreCountedButNotTheEndAfterTheLastSeparator() throws IOException {
        try (TextPieces pieces = RecordFormat.separatedBy("\n\n").records(source("s.txt", "\n\n\n\na\n\n \n\nb\n\n"))) {
            assertEquals(List.of("a", "b"), texts(pieces));
            assertEquals("skipped 3 blank records", pieces.repairs().description());
        }
    }

    /** At every place in a buffer, and in buffers of every size. */
    @ParameterizedTest
    @ValueSource(strings = {"<|endoftext|>", "\n\n", "aab", "😀é"})
    void separatorsAcrossTheBordersOfTheBufferAreFound(String separator) throws IOException {
        for (int bufferBytes = 4; bufferBytes <= 20; bufferBytes++) {
            for (int before = 0; before <= bufferBytes; before++) {
                String text = "x".repeat(before) + "aa" + separator + "y" + separator + separator + "\r\nzé😀 ";
                TextSource.Part part = new TextSource.Part("s.txt", () -> in(text));
                SeparatedRecords records =
                        new SeparatedRecords(new TextReader(List.of(part), bufferBytes), separator, false);
                List<String> expected = new ArrayList<>();
                for (String record : text.replace("\r\n", "\n").split(Pattern.quote(separator))) {
                    if (!record.isBlank()) {
                        expected.add(record.strip());
                    }
                }
                assertEquals(expected, texts(records), separator + " after " + before + " in " + bufferBytes);
            }
        }
    }

    @Test
    void theEndOfAFileEndsARecordEvenInsideASeparator() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "one\n-");
        Files.writeString(folder.resolve("b.txt"), "-\ntwo");
        try (TextPieces pieces = RecordFormat.separatedBy("--").records(TextSource.of(folder))) {
            assertEquals(List.of("one\n-", "-\ntwo"), texts(pieces));
        }
    }

    @Test
    void separatorsThatNoTextCanHaveAreRefused() {
        for (String wrong : List.of("", "\r\n", "a\0", "\ud83d")) {
            assertThrows(IllegalArgumentException.class, () -> RecordFormat.separatedBy(wrong));
        }
        assertThrows(IllegalArgumentException.class, () -> RecordFormat.field(""));
    }

    // ---- fields ----

    @ParameterizedTest
    @ValueSource(strings = {"a.jsonl", "A.NDJSON", "-"})
    void jsonLinesAreRecognizedByNameOrByTheirFirstCharacter(String name) throws IOException {
        String text = "\ufeff \n{\"id\": [1, {\"text\": 2}], \"text\": \" a\\r\\nb\\u00e9 \"}\r\n\n"
                + "{\"text\":\"\\ud83d\\ude00\"}";
        assertEquals(List.of("2: a\nbé ", "4:😀"), records(RecordFormat.field("text"), name, text));
    }

    @Test
    void tablesAreRecognizedByNameOrByWhatTheyAreNot() throws IOException {
        List<String> expected = List.of("2:a", "3:b \"quoted\"\n\nline, end", "6: c ");
        String csv = "id,text\r\n1,a\r\n2,\"b \"\"quoted\"\"\r\n\r\nline, end\"\n3, c \n4,\"\"\n";
        assertEquals(expected, records(RecordFormat.field("text"), "a.csv", csv));
        assertEquals(expected, records(RecordFormat.field("text"), "-", csv));
        String tsv = "text\tid\r1,a\t2\r";
        assertEquals(List.of("2:1,a"), records(RecordFormat.field("text"), "a.tsv", tsv));
        assertEquals(List.of("2:{\"a\":1}"), records(RecordFormat.field("text"), "a.csv", "text\n\"{\"\"a\"\":1}\"\n"));
    }

    @Test
    void aNameOfAColumnMayHaveSeveralLines() throws IOException {
        String csv = "id,\"the\ntext\"\n1,a\n";
        assertEquals(List.of("3:a"), records(RecordFormat.field("the\ntext"), "a.csv", csv));
    }

    /** In JSON lines, and in a table of one column, where an empty line is an empty value. */
    @Test
    void blankValuesAreSkippedAndCounted() throws IOException {
        String json = "{\"text\":\"\"}\n\n{\"text\":\" \\n\"}\n{\"text\":\"a\"}\n";
        try (TextPieces pieces = RecordFormat.field("text").records(source("a.jsonl", json))) {
            assertEquals(List.of("a"), texts(pieces));
            assertEquals("skipped 2 blank records", pieces.repairs().description());
        }
        try (TextPieces pieces = RecordFormat.field("text").records(source("a.csv", "\ntext\n\na\n"))) {
            assertEquals(List.of("a"), texts(pieces));
            assertEquals("skipped 1 blank record", pieces.repairs().description());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1]                        | found an array, expected one JSON object",
                "null                       | found null, expected one JSON object",
                "{\"text\":\"a\"            | found no valid JSON at column 12 (Unexpected end-of-input)",
                "{\"text\":\"a\",}          | found no valid JSON at column 13",
                "{'text':'a'}               | found no valid JSON at column 2",
                "{\"text\":\"a\"} {}        | found more after the JSON object at column 14",
                "{\"text\":\"a\"} x         | found no valid JSON at column 14",
                "{\"title\":\"a\",\"n\":1}  | the object has no field \"text\", but must have it; its fields are \"title\", \"n\"",
                "{}                         | the object has no field \"text\", but must have it; it is empty",
                "{\"text\":null}            | the field \"text\" is null, but must be a string",
                "{\"text\":1}               | the field \"text\" is a number, but must be a string",
                "{\"text\":{\"text\":\"\"}} | the field \"text\" is an object, but must be a string",
                "{\"text\":\"a\",\"text\":\"b\"} | the object has the field \"text\" twice",
                "{\"text\":\"a\\u0000\"}    | the field \"text\" has the character U+0000",
                "{\"text\":\"\\ud800a\"}    | the field \"text\" has half of a surrogate pair, \\ud800",
                "{\"text\":\"\\udc00\"}     | the field \"text\" has half of a surrogate pair, \\udc00",
            })
    void malformedJsonIsRefusedWithItsLine(String line, String reason) {
        String message = refusal("a.jsonl", "{\"text\":\"first\"}\n\n" + line + "\n{\"text\":\"last\"}\n");
        assertTrue(message.startsWith("data a.jsonl:3: " + reason), message);
        assertTrue(message.contains("\"text\""), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1,a\"b    | 3: the field \"text\" has a quote inside, but does not begin with one",
                "1, \"a\"  | 3: the field \"text\" has a quote inside, but does not begin with one",
                "1,\"a\"b  | 3: the field \"text\" has text after its closing quote",
                "\"1\",\"a | 3: the field \"text\" opens a quote that must be closed, but is not closed",
                "1         | 3: the record has 1 field, but must have as many as the header, 2",
                "1,2,3     | 3: the record has 3 fields, but must have as many as the header, 2",
            })
    void malformedTablesAreRefusedWithTheirLine(String line, String reason) {
        String message = refusal("a.csv", "id,text\n0,first\n" + line + "\n4,last\n");
        assertTrue(message.startsWith("data a.csv:" + reason), message);
        assertTrue(message.contains("\"text\""), message);
    }

    @Test
    void theLineOfAnErrorIsThatInTheFileAfterQuotedLineEnds() {
        String message = refusal("a.csv", "id,text\n\"1\n\n2\",\"a\nb\"x\n");
        assertTrue(message.startsWith("data a.csv:5: the field \"text\" has text after"), message);
    }

    @Test
    void theHeaderMustHaveTheColumnOnce() {
        assertEquals(
                "data a.csv:1: the header has no column \"text\", but must have it; its columns, separated by"
                        + " commas, are \"id\", \"Text\"",
                refusal("a.csv", "id,Text\n1,a\n"));
        assertEquals(
                "data a.csv:1: the header has the column \"text\" twice, but must have it once",
                refusal("a.csv", "text,id,text\n1,2,3\n"));
    }

    @Test
    void aListInOneFileIsNoJsonLines() {
        assertTrue(refusal("-", " [{\"text\":\"a\"}]").startsWith("data -:1: found a JSON array"));
    }

    /** {@link LargeRecordTest} tries the limit that formats have. */
    @Test
    void aRecordAboveTheLimitIsRefusedBeforeItsEnd() {
        assertEquals(
                "data a.csv:2: a line with the field \"text\" has more than 300 characters, but must fit in memory; is"
                        + " it another format?",
                refusalAbove300(new SequenceInputStream(in("text\n\""), new Endless("a"))));
        assertEquals(
                "data a.csv:2: the field \"text\" opens a quote that must be closed, but is not within 300 characters",
                refusalAbove300(new SequenceInputStream(in("text\n\""), new Endless("a\n"))));
    }

    private static String refusalAbove300(InputStream text) {
        TextReader reader = new TextReader(List.of(new TextSource.Part("a.csv", () -> text)), 16);
        return assertThrows(DataException.class, () -> texts(new FieldRecords(reader, "text", 300)))
                .getMessage();
    }

    /** A text again and again. */
    private static final class Endless extends InputStream {
        private final byte[] text;
        private int next;

        Endless(String text) {
            this.text = text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public int read() {
            return text[next++ % text.length];
        }
    }

    @Test
    void filesOfAFolderMayHaveDifferentFormats() throws IOException {
        Files.writeString(folder.resolve("a.csv"), "text,id\na,1\n");
        Files.writeString(folder.resolve("b.jsonl"), "{\"text\":\"b\"}");
        Files.writeString(folder.resolve("c.tsv"), "id\ttext\n1\tc\n");
        Files.writeString(folder.resolve("d.txt"), "left out");
        RecordFormat format = RecordFormat.field("text");
        try (TextPieces pieces = format.records(TextSource.of(folder, format.usualFiles()))) {
            assertEquals(List.of("a", "b", "c"), texts(pieces));
        }
    }

    @Test
    void linesAndPartsBetweenLineEndsAreDifferentFormats() throws IOException {
        assertTrue(RecordFormat.lines().isLines());
        assertFalse(RecordFormat.separatedBy("\n").isLines());
        assertNotEquals(RecordFormat.lines(), RecordFormat.separatedBy("\n"));
        try (TextPieces whole = RecordFormat.lines().texts(source("a.txt", "a\nb\n"))) {
            assertEquals(List.of("a\nb\n"), texts(whole));
        }
        try (TextPieces lines = RecordFormat.separatedBy("\n").texts(source("a.txt", "a\nb\n"))) {
            assertEquals(List.of("a", "b"), texts(lines));
        }
    }

    private static String refusal(String name, String text) {
        TextSource source = source(name, text);
        DataException e = assertThrows(
                DataException.class, () -> texts(RecordFormat.field("text").records(source)));
        return String.valueOf(e.getMessage());
    }

    private static List<String> records(RecordFormat format, String name, String text) throws IOException {
        try (TextPieces pieces = format.records(source(name, text))) {
            List<String> records = new ArrayList<>();
            for (String piece = pieces.next(); piece != null; piece = pieces.next()) {
                assertTrue(pieces.beginsText());
                assertEquals(name, pieces.file());
                records.add(pieces.line() + ":" + piece);
            }
            return records;
        }
    }

    private static List<String> texts(TextPieces pieces) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String piece = pieces.next(); piece != null; piece = pieces.next()) {
            texts.add(piece);
        }
        return texts;
    }

    private static TextSource source(String name, String text) {
        return TextSource.of(in(text), name);
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}

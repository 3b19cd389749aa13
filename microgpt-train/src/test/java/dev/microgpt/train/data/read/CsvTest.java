package dev.microgpt.train.data.read;

import static dev.microgpt.train.data.read.RecordCase.read;
import static dev.microgpt.train.data.read.RecordCase.refused;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** CSV as <a href="https://www.rfc-editor.org/rfc/rfc4180">RFC 4180</a> describes it, and what breaks it. */
class CsvTest extends RecordTest {
    private static final String FILE = "a.csv";

    /** A field of RFC 4180 and what follows it; group 1 is inside quotes, group 2 is a field without them. */
    private static final Pattern FIELD = Pattern.compile("(?:\"((?:[^\"]|\"\")*+)\"|([^\",\r\n]*+))(,|\r\n|\r|\n|\\z)");

    static List<RecordCase> wellFormedRecordsAreReadExactly() {
        return List.of(
                read("plain", FILE, "id,text\n1,emma\n2,ava\n", "emma", "ava"),
                read("no last line end", FILE, "text,id\nemma,1\nava,2", "emma", "ava"),
                read("CRLF", FILE, "text,id\r\na,1\r\nb,2\r\n", "a", "b"),
                read("CR", FILE, "id,text\r1,a\r2,b\r", "a", "b"),
                read("CRLF, CR and LF", FILE, "id,text\r\n1,a\r2,b\n3,c", "a", "b", "c"),
                read("blank lines", FILE, "id,text\n\n1,a\r\n\r\n\r2,b\n\n", "a", "b"),
                read("blank lines of a single column", FILE, "text\na\n\nb\n\n", "a", "b"),
                read("a byte order mark", FILE, "\ufefftext,id\na,1\n", "a"),
                read("a byte order mark before a quote", FILE, "\ufeff\"text\",id\n\"a\",1\n", "a"),
                read("a byte order mark in a value", FILE, "text\n\ufeffa\n", "\ufeffa"),
                read("one column", FILE, "text\nemma\n\"ava\"\n", "emma", "ava"),
                read("quotes", FILE, "\"id\",\"text\"\n\"1\",\"a\"\n", "a"),
                read("a comma in quotes", FILE, "id,text,n\n1,\"a,b,\",2\n", "a,b,"),
                read("doubled quotes", FILE, "text\n\"\"\"a\"\"\"\n\"\"\"\"\n\"\"\"\"\"\"\n", "\"a\"", "\"", "\"\""),
                read("a doubled quote next to a comma", FILE, "text,n\n\"\"\",\"\"\",1\n", "\",\""),
                read("line ends in quotes", FILE, "id,text\n1,\"a\r\nb\rc\nd\n\re\"\n", "a\nb\nc\nd\n\ne"),
                read("nothing but a line end around a value", FILE, "text\n\"\na\n\"\n", "\na\n"),
                read("line ends in another column", FILE, "id,text\n\"1\n\n2\",a\n3,b\n", "a", "b"),
                read("a line end in the header", FILE, "\"id\nno\",text\n1,a\n", "a"),
                read("white space stays", FILE, "id,text\n1,  a\t\n2,\" b \"\n", "  a\t", " b "),
                read("blank values", FILE, "id,text\n1,\n2,\"\"\n3,a\n4,\"  \n\u3000\"\n5, ", "a"),
                read("empty other columns", FILE, "x,text,y\n,a,\n\"\",b,\"\"\n", "a", "b"),
                read("columns without name", FILE, ",text,\n1,a,2\n", "a"),
                read("another column twice", FILE, "id,text,id\n1,a,2\n", "a"),
                read("names that differ in case or spaces", FILE, "Text, text,text,text \nx,y,a,z\n", "a"),
                read("single quotes and apostrophes", FILE, "text\n'a'\ndon't\n", "'a'", "don't"),
                read("typographic quotes", FILE, "text\n“a”\n", "“a”"),
                read("backslashes", FILE, "id,text\n1,a\\\n2,\"b\\\"\n3,\\n\n", "a\\", "b\\", "\\n"),
                read(
                        "other line separators",
                        FILE,
                        "text\na\u2028b\u0085c\u000bd\fe\u001cf\n",
                        "a\u2028b\u0085c\u000bd\fe\u001cf"),
                read("Korean and emoji", FILE, "번호,text\n1,한국어 😀\n", "한국어 😀"),
                read("what begins like JSON", FILE, "text\n\"{\"\"a\"\":1}\"\n{a}\n", "{\"a\":1}", "{a}"),
                read("a comment is a value", FILE, "text\n# a\n//b\n", "# a", "//b"),
                read("semicolons and tabs are no separators", FILE, "id,text\n1,a;b\tc\n", "a;b\tc"),
                read("what spreadsheets compute", FILE, "text\n=1+1\n-1\n", "=1+1", "-1"),
                read("tabs", "a.tsv", "id\ttext\n1\ta, b\n2\t\"c\td\"\n", "a, b", "c\td"),
                read("tabs with line ends in quotes", "a.tsv", "text\tid\r\n\"a\r\nb \"\"c\"\"\"\t1\r\n", "a\nb \"c\""),
                read("CSV found by its first character", "a.txt", "\ufeff\"text\"\n{\n", "{"),
                read("CSV found without an ending", "data", "id,text\n1,a", "a"));
    }

    static List<RecordCase> malformedRecordsAreRefusedWithTheirPlace() {
        List<RecordCase> cases = new ArrayList<>();
        cases.add(refused("an empty file", FILE, "", ": ", "header|record|document"));
        cases.add(refused("nothing but blank lines", FILE, "\n\r\n\n", ":", "header|record|document|text"));
        cases.add(refused("nothing but a header", FILE, "id,text\n", ": ", "record|document"));
        cases.add(refused("nothing but blank values", FILE, "id,text\n1,\n2,\" \"\n", ": ", "text", "2", "blank"));
        cases.add(refused("no such column", FILE, "id,body,\"본문\"\n1,a,b\n", ":1: ", "text", "id", "body", "본문"));
        cases.add(refused("the case differs", FILE, "id,Text\n1,a\n", ":1: ", "text", "id", "Text"));
        cases.add(
                refused("a space before the name", FILE, "id, text\n1,a\n", ":1: ", "text", "id", "\" text\"|' text'"));
        cases.add(refused("no header", FILE, "1,emma\n2,ava\n", ":1: ", "text", "1", "emma"));
        cases.add(refused("semicolons", FILE, "id;text\n1;a\n", ":1: ", "text", "id;text", "comma"));
        cases.add(refused("tabs in a file .csv", FILE, "id\ttext\n1\ta\n", ":1: ", "text", "comma"));
        cases.add(refused("commas in a file .tsv", "a.tsv", "id,text\n1,a\n", ":1: ", "text", "id,text", "tab"));
        cases.add(refused("a line of Excel", FILE, "sep=;\nid;text\n1;a\n", ":1: ", "text", "sep=;"));
        cases.add(refused("many columns", FILE, manyColumns(), ":1: ", "text", "column0"));
        cases.add(refused("the column twice", FILE, "text,id,text\na,1,b\n", ":1: ", "text", "twice|2 columns"));
        cases.add(refused("the column twice, once in quotes", FILE, "text,\"text\"\na,b\n", ":1: ", "text"));
        cases.add(refused("too few fields", FILE, "id,text,n\n1,a,2\n1,a\n", ":3: ", "2", "3"));
        cases.add(refused("too few fields at the end", FILE, "id,text,n\n1,a", ":2: ", "2", "3"));
        cases.add(refused("too many fields", FILE, "id,text\n1,a\n2,b,c\n", ":3: ", "3", "2"));
        cases.add(refused("a comma at the end of a record", FILE, "id,text\n1,a,\n", ":2: ", "3", "2"));
        cases.add(refused("a comma that needs quotes", FILE, "text\nwell, yes\n", ":2: ", "2", "1"));
        cases.add(refused("a comma at the end of the header", FILE, "id,text,\n1,a\n", ":2: ", "2", "3"));
        cases.add(refused("single quotes around a comma", FILE, "id,text\n1,'a,b'\n", ":2: ", "3", "2"));
        cases.add(refused("a line of spaces", FILE, "id,text\n1,a\n  \n2,b\n", ":3: ", "1", "2"));
        cases.add(refused("a line of comment", FILE, "id,text\n# a\n2,b\n", ":2: ", "1", "2"));
        cases.add(refused("lines in quotes count", FILE, "id,text\n1,\"a\n\r\nb\"\n2\n", ":5: ", "1", "2"));
        cases.add(refused("CR and blank lines count", FILE, "id,text\r\n\r1,a\r\r\n2\n", ":5: ", "1", "2"));
        cases.add(refused("a quote in a field", FILE, "id,text\n1,a \"b\" c\n", ":2: ", "text", "quote"));
        cases.add(refused("a quote at the end of a field", FILE, "id,text\n1,3.5\"\n", ":2: ", "text", "quote"));
        cases.add(refused("a quote in another column", FILE, "id,text\n1\",a\n", ":2: ", "id", "quote"));
        cases.add(refused("a quote in the header", FILE, "id,te\"xt\n1,a\n", ":1: ", "field 2", "quote"));
        cases.add(refused("a space before a quote", FILE, "id,text\n1, \"a\"\n", ":2: ", "text", "quote"));
        cases.add(
                refused("a quote in a field in a file .tsv", "a.tsv", "id\ttext\n1\ta\"b\n", ":2: ", "text", "quote"));
        cases.add(refused("a byte order mark on a later line", FILE, "text\n\ufeff\"a\"\n", ":2: ", "text", "quote"));
        cases.add(refused("text after a quote", FILE, "id,text\n1,\"a\"b\n", ":2: ", "text", "quote"));
        cases.add(refused("a space after a quote", FILE, "id,text\n1,\"a\" \n", ":2: ", "text", "quote"));
        cases.add(
                refused("a space after a quote before a comma", FILE, "text,id\n\"a\" ,1\n", ":2: ", "text", "quote"));
        cases.add(refused("a backslash before a quote", FILE, "id,text\n1,\"a \\\"b\\\"\"\n", ":2: ", "text", "quote"));
        cases.add(refused("text after a quote in another column", FILE, "text,id\na,\"1\"2\n", ":2: ", "id", "quote"));
        cases.add(refused("text after a quote in the header", FILE, "\"id\"x,text\n1,a\n", ":1: ", "field 1", "quote"));
        cases.add(refused("text after a quote in a file .tsv", "a.tsv", "text\n\"a\" b\n", ":2: ", "text", "quote"));
        cases.add(refused(
                "a quote that is not closed",
                FILE,
                "id,text\n1,a\n2,\"b\n3,c\n4,d\n",
                ":3: ",
                "text",
                "quote",
                "closed"));
        cases.add(refused(
                "a quote that the next one closes", FILE, "id,text\n1,a\n2,\"b\n3,\"c\"\n", ":4: ", "text", "line 3"));
        cases.add(refused("a quote at the end", FILE, "id,text\n1,a\n2,\"", ":3: ", "text", "closed"));
        cases.add(refused("a doubled quote at the end", FILE, "text\n\"a\"\"\n", ":2: ", "text", "closed"));
        cases.add(refused(
                "a quote in the header that is not closed", FILE, "id,\"text\n1,a\n", ":1: ", "field 2", "closed"));
        cases.add(refused(
                "a quote opened in a later line of a record",
                FILE,
                "id,text\n\"1\n2\",\"a\n",
                ":3: ",
                "text",
                "closed"));
        byte[] latin = "id,text\r\n\"\r\n1\",a\r\n2,\u00e9\r\n".getBytes(StandardCharsets.ISO_8859_1);
        cases.add(refused("a byte that is not UTF-8", FILE, latin, ":4: ", "0xE9", "UTF-8"));
        cases.add(refused("a zero byte", FILE, "id,text\n1,a\0b\n", ":2: ", "0x00"));
        byte[] wide = "\ufeffid,text\r\n1,a\r\n".getBytes(StandardCharsets.UTF_16LE);
        cases.add(refused("UTF-16", FILE, wide, ": ", "UTF-16", "iconv"));
        cases.add(refused(
                "an array of JSON, taken for CSV", "a.json", "[\n{\"text\":\"a\"}\n]\n", ":1: ", "array", "jq -c"));
        return cases;
    }

    /** Every text of up to five of these characters behind a header, against the grammar of the RFC. */
    @Test
    void everyShortTextIsReadAsTheGrammarSays() throws IOException {
        int wellFormed = 0;
        List<String> bodies = new ArrayList<>(List.of(""));
        for (int i = 0; i < bodies.size(); i++) {
            String body = bodies.get(i);
            for (List<String> header : List.of(List.of("text"), List.of("text", "n"), List.of("n", "text"))) {
                List<String> expected = texts(body, header.size(), header.indexOf("text"));
                FieldRecords records = records(String.join(",", header) + "\n" + body);
                if (expected == null) {
                    assertThrows(DataException.class, () -> all(records), body);
                } else {
                    assertEquals(expected, all(records), body);
                    wellFormed++;
                }
            }
            for (String next : List.of("a", ",", "\"", "\r", "\n")) {
                if (body.length() < 5) {
                    bodies.add(body + next);
                }
            }
        }
        assertEquals(1 + 5 + 25 + 125 + 625 + 3125, bodies.size());
        assertTrue(wellFormed > 1000, wellFormed + " are well-formed");
    }

    private static FieldRecords records(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        TextSource.Part part = new TextSource.Part(FILE, () -> new ByteArrayInputStream(bytes));
        return new FieldRecords(new TextReader(List.of(part), 5), "text", SplitText.LONGEST);
    }

    private static List<String> all(FieldRecords records) throws IOException {
        List<String> texts = new ArrayList<>();
        for (String text = records.next(); text != null; text = records.next()) {
            texts.add(text);
        }
        return texts;
    }

    /** Returns the values of a column that are not blank, or null if the text breaks the grammar. */
    private static @Nullable List<String> texts(String body, int columns, int wanted) {
        List<String> texts = new ArrayList<>();
        Matcher field = FIELD.matcher(body);
        int at = 0;
        while (at < body.length()) {
            int fields = 0;
            int start = at;
            boolean isLast = false;
            String text = "";
            while (!isLast) {
                if (!field.region(at, body.length()).lookingAt()) {
                    return null;
                }
                String quoted = field.group(1);
                if (fields == wanted) {
                    String value = quoted == null ? field.group(2) : quoted.replace("\"\"", "\"");
                    text = value.replace("\r\n", "\n").replace('\r', '\n');
                }
                fields++;
                at = field.end();
                isLast = !field.group(3).equals(",");
            }
            boolean isBlankLine =
                    fields == 1 && field.end(3) - start == field.group(3).length();
            if (!isBlankLine && fields != columns) {
                return null;
            }
            if (!text.isBlank()) {
                texts.add(text);
            }
        }
        return texts;
    }

    private static String manyColumns() {
        StringBuilder header = new StringBuilder("column0");
        for (int i = 1; i < 5000; i++) {
            header.append(",column").append(i);
        }
        return header.append('\n').toString();
    }
}

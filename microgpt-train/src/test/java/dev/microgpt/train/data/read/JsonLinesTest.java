package dev.microgpt.train.data.read;

import static dev.microgpt.train.data.read.RecordCase.read;
import static dev.microgpt.train.data.read.RecordCase.refused;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** JSON Lines as <a href="https://jsonlines.org">jsonlines.org</a> and RFC 8259 describe them, and what breaks them. */
class JsonLinesTest extends RecordTest {
    private static final String FILE = "a.jsonl";

    static List<RecordCase> wellFormedRecordsAreReadExactly() {
        return List.of(
                read("plain", FILE, "{\"text\":\"emma\"}\n{\"text\":\"ava\"}\n", "emma", "ava"),
                read("no last line end", FILE, "{\"text\":\"emma\"}\n{\"text\":\"ava\"}", "emma", "ava"),
                read("CRLF", FILE, "{\"text\":\"a\"}\r\n{\"text\":\"b\"}\r\n", "a", "b"),
                read(
                        "CRLF, CR and LF",
                        FILE,
                        "{\"text\":\"a\"}\r\n{\"text\":\"b\"}\r{\"text\":\"c\"}\n",
                        "a",
                        "b",
                        "c"),
                read("blank lines", FILE, "\n{\"text\":\"a\"}\n\n \t\n{\"text\":\"b\"}\n\n", "a", "b"),
                read("a byte order mark", FILE, "\ufeff{\"text\":\"a\"}\n", "a"),
                read("a byte order mark in a value", FILE, "{\"text\":\"\ufeffa\"}\n", "\ufeffa"),
                read("white space around tokens", FILE, " \t{ \"text\"\t: \"a\" , \"n\" : 1 } \t\n", "a"),
                read("white space in a value stays", FILE, "{\"text\":\"  a\\t\"}\n", "  a\t"),
                read("blank values", FILE, "{\"text\":\"\"}\n{\"text\":\"a\"}\n{\"text\":\" \\n\\u3000\"}\n", "a"),
                read(
                        "every escape",
                        FILE,
                        "{\"text\":\"\\\"\\\\\\/\\b\\f\\n\\t\\u00e9\\u00E9\"}\n",
                        "\"\\/\b\f\n\té\u00e9"),
                read("line ends in escapes", FILE, "{\"text\":\"a\\r\\nb\\rc\\nd\\n\\re\"}\n", "a\nb\nc\nd\n\ne"),
                read(
                        "control characters in escapes",
                        FILE,
                        "{\"text\":\"a\\u0001\\u001f\\u007f\"}\n",
                        "a\u0001\u001f\u007f"),
                read(
                        "other line separators",
                        FILE,
                        "{\"text\":\"a\u2028b\u2029c\u0085d\"}\n",
                        "a\u2028b\u2029c\u0085d"),
                read("Korean and emoji", FILE, "{\"text\":\"한국어 😀\"}\n", "한국어 😀"),
                read("a surrogate pair in escapes", FILE, "{\"text\":\"\\ud83d\\ude00\\uD83D\\uDE00\"}\n", "😀😀"),
                read(
                        "decomposed letters stay",
                        FILE,
                        "{\"text\":\"e\\u0301 \u1112\u1161\u11ab\"}\n",
                        "e\u0301 \u1112\u1161\u11ab"),
                read("the name in escapes", FILE, "{\"te\\u0078t\":\"a\"}\n", "a"),
                read("JSON in a value", FILE, "{\"text\":\"{\\\"text\\\":\\\"b\\\"}\"}\n", "{\"text\":\"b\"}"),
                read(
                        "the same name in nested objects",
                        FILE,
                        "{\"meta\":{\"text\":\"x\",\"n\":[{\"text\":null}]},\"text\":\"a\",\"z\":{\"text\":1}}\n",
                        "a"),
                read(
                        "all kinds of values in other fields",
                        FILE,
                        "{\"a\":[],\"b\":{},\"c\":null,\"d\":true,\"e\":false,\"f\":-0.0E+2,"
                                + "\"text\":\"a\",\"g\":[1,\"]}\"]}\n",
                        "a"),
                read("other fields from line to line", FILE, "{\"x\":1,\"text\":\"a\"}\n{\"text\":\"b\"}\n", "a", "b"),
                read("names that differ in case", FILE, "{\"Text\":\"x\",\"text\":\"a\",\"TEXT\":1}\n", "a"),
                read("an empty name", FILE, "{\"\":\"x\",\"text\":\"a\"}\n", "a"),
                read("a long number elsewhere", FILE, "{\"n\":" + "1".repeat(2000) + ",\"text\":\"a\"}\n", "a"),
                read("deep nesting elsewhere", FILE, "{\"n\":" + nested(400) + ",\"text\":\"a\"}\n", "a"),
                read("a long name elsewhere", FILE, "{\"" + "n".repeat(70_000) + "\":1,\"text\":\"a\"}\n", "a"),
                read("the ending .ndjson", "a.ndjson", "{\"text\":\"a\"}\n", "a"),
                read("JSON found by its brace", "a.txt", "\ufeff\n \t{\"text\":\"a\"}\n", "a"),
                read("JSON found without an ending", "data", "{\"text\":\"a\"}", "a"));
    }

    static List<RecordCase> malformedRecordsAreRefusedWithTheirPlace() {
        List<RecordCase> cases = new ArrayList<>();
        cases.add(line("an array", "[1]", "object"));
        cases.add(line("an array of objects", "[{\"text\":\"a\"}]", "object"));
        cases.add(line("a string", "\"text\"", "object"));
        cases.add(line("a number", "1", "object"));
        cases.add(line("null", "null", "object"));
        cases.add(line("a bare word", "text", "JSON"));
        cases.add(line("an object that is not closed", "{\"text\":\"a\"", "JSON"));
        cases.add(line("an object cut in a name", "{\"text\":\"a\",\"na", "JSON"));
        cases.add(line("a string that is not closed", "{\"text\":\"a}", "JSON"));
        cases.add(line("an object over several lines", "{\n\"text\":\"a\"\n}", "JSON", "jq -c"));
        cases.add(line("single quotes", "{'text':'a'}", "JSON"));
        cases.add(line("a name without quotes", "{text:\"a\"}", "JSON"));
        cases.add(line("a comma before the brace", "{\"text\":\"a\",}", "JSON"));
        cases.add(line("two commas", "{\"text\":\"a\",,\"n\":1}", "JSON"));
        cases.add(line("a comma after the object", "{\"text\":\"a\"},", "JSON|object"));
        cases.add(line("a colon is missing", "{\"text\" \"a\"}", "JSON"));
        cases.add(line("a comma is missing", "{\"text\":\"a\" \"n\":1}", "JSON"));
        cases.add(line("a brace too many", "{\"text\":\"a\"}}", "JSON|object"));
        cases.add(line("a bracket that closes nothing", "{\"text\":\"a\"]", "JSON"));
        cases.add(line("NaN", "{\"text\":NaN}", "JSON"));
        cases.add(line("NaN in another field", "{\"n\":NaN,\"text\":\"a\"}", "JSON"));
        cases.add(line("Infinity in another field", "{\"text\":\"a\",\"n\":-Infinity}", "JSON"));
        cases.add(line("True", "{\"n\":True,\"text\":\"a\"}", "JSON"));
        cases.add(line("a number with a leading zero", "{\"n\":01,\"text\":\"a\"}", "JSON"));
        cases.add(line("a number with a plus", "{\"n\":+1,\"text\":\"a\"}", "JSON"));
        cases.add(line("a number that begins with its point", "{\"n\":.5,\"text\":\"a\"}", "JSON"));
        cases.add(line("a number that ends in its point", "{\"n\":1.,\"text\":\"a\"}", "JSON"));
        cases.add(line("a hexadecimal number", "{\"n\":0x1F,\"text\":\"a\"}", "JSON"));
        cases.add(line("a comment behind the object", "{\"text\":\"a\"} // note", "JSON|object"));
        cases.add(line("a comment in the object", "{\"text\":/* note */\"a\"}", "JSON"));
        cases.add(line("a line of comment", "# {\"text\":\"a\"}", "JSON"));
        cases.add(line("an escape that JSON has not", "{\"text\":\"a\\qb\"}", "JSON"));
        cases.add(line("an escape of Python", "{\"text\":\"\\x41\"}", "JSON"));
        cases.add(line("a short escape", "{\"text\":\"\\u12\"}", "JSON"));
        cases.add(line("a tab in a string", "{\"text\":\"a\tb\"}", "JSON"));
        cases.add(line("a control character in a string", "{\"text\":\"a\u0001b\"}", "JSON"));
        cases.add(line("a no-break space before the object", "\u00a0{\"text\":\"a\"}", "JSON"));
        cases.add(line("a byte order mark on a later line", "\ufeff{\"text\":\"a\"}", "JSON"));
        cases.add(line("two objects", "{\"text\":\"a\"}{\"text\":\"b\"}", "JSON|object"));
        cases.add(line("two objects and a space", "{\"text\":\"a\"} {\"text\":\"b\"}", "JSON|object"));
        cases.add(line("an object and a number", "{\"text\":\"a\"} 1", "JSON|object"));
        cases.add(line("brackets without end", "[".repeat(100_000), "object"));
        cases.add(line("braces without end", "{\"a\":".repeat(100_000), "JSON"));
        cases.add(line("deep nesting", "{\"n\":" + nested(800) + ",\"text\":\"a\"}", "nest"));
        cases.add(line("the field is missing", "{\"id\":1,\"body\":\"a\",\"본문\":2}", "text", "id", "body", "본문"));
        cases.add(line("there are no fields", "{}", "text"));
        cases.add(line("the field is only in a nested object", "{\"meta\":{\"text\":\"a\"}}", "text", "meta"));
        cases.add(line("the case differs", "{\"Text\":\"a\"}", "text", "Text"));
        cases.add(line("a space in the name", "{\"text \":\"a\"}", "text", "\"text \"|'text '"));
        cases.add(line("many other fields", manyFields(), "text", "field0"));
        cases.add(line("a number in the field", "{\"text\":5}", "text", "number"));
        cases.add(line("null in the field", "{\"text\":null}", "text", "null"));
        cases.add(line("true in the field", "{\"text\":true}", "text", "true|boolean"));
        cases.add(line("an array in the field", "{\"text\":[\"a\"]}", "text", "array"));
        cases.add(line("an object in the field", "{\"text\":{\"text\":\"a\"}}", "text", "object"));
        cases.add(line("the field twice", "{\"text\":\"a\",\"text\":\"b\"}", "text", "twice"));
        cases.add(line("the field twice, once in escapes", "{\"text\":\"a\",\"\\u0074ext\":\"a\"}", "text", "twice"));
        cases.add(line("the field twice, and no string", "{\"text\":\"a\",\"n\":1,\"text\":null}", "text"));
        cases.add(line("an escape of U+0000", "{\"text\":\"a\\u0000b\"}", "text", "U+0000"));
        cases.add(line("the first half of a pair", "{\"text\":\"a\\ud83db\"}", "text", "surrogate", "d83d"));
        cases.add(line("the first half at the end", "{\"text\":\"a\\uD83D\"}", "text", "surrogate", "d83d"));
        cases.add(line("the second half of a pair", "{\"text\":\"\\ude00\"}", "text", "surrogate", "de00"));
        cases.add(line("a pair the wrong way round", "{\"text\":\"\\ude00\\ud83d\"}", "text", "surrogate", "de00"));
        cases.add(line("two first halves", "{\"text\":\"\\ud83d\\ud83d\\ude00\"}", "text", "surrogate", "d83d"));
        cases.add(bytes(
                "a byte that is not UTF-8", "{\"text\":\"ok\"}\n{\"text\":\"\u00e9\"}\n", ":2: ", "0xE9", "UTF-8"));
        cases.add(bytes(
                "half a pair in bytes", "{\"text\":\"ok\"}\r{\"text\":\"\u00ed\u00a0\u00bd\"}\n", ":2: ", "0xED"));
        cases.add(bytes("a character cut at the end", "{\"text\":\"ok\"}\n{\"text\":\"\u00ed\u0095", ":2: ", "0xED"));
        cases.add(refused("a zero byte", FILE, "{\"text\":\"ok\"}\n\n{\"text\":\"a\0\"}\n", ":3: ", "0x00"));
        byte[] little = "\ufeff{\"text\":\"a\"}\n".getBytes(StandardCharsets.UTF_16LE);
        cases.add(refused("UTF-16", FILE, little, ": ", "UTF-16", "iconv"));
        byte[] big = "{\"text\":\"a\"}\n".getBytes(StandardCharsets.UTF_16BE);
        cases.add(refused("UTF-16 without a mark", FILE, big, ": ", "UTF-16BE", "iconv"));
        cases.add(refused("an empty file", FILE, "", ": ", "text|record|document"));
        cases.add(refused("nothing but blank lines", FILE, "\n \n\r\n", ": ", "text|record|document"));
        cases.add(refused(
                "nothing but blank values", FILE, "{\"text\":\" \"}\n{\"text\":\"\"}\n", ": ", "text", "2", "blank"));
        cases.add(refused(
                "CR and CRLF count as lines", FILE, "{\"text\":\"a\"}\r\r\n{\"text\":\"b\"}\r[]\n", ":4: ", "object"));
        cases.add(refused("an escaped line end is none", FILE, "{\"text\":\"a\\nb\\n\"}\n1\n", ":2: ", "object"));
        cases.add(refused("JSON found by its brace", "a.txt", "\n{'text':'a'}\n", ":2: ", "JSON"));
        return cases;
    }

    /** A file whose second line is wrong. */
    private static RecordCase line(String title, String line, String... facts) {
        List<String> all = new ArrayList<>(List.of(":2: "));
        all.addAll(List.of(facts));
        String content = "{\"text\":\"ok\"}\n" + line + "\n{\"text\":\"ok\"}\n";
        return refused(title, FILE, content, all.toArray(new String[0]));
    }

    /** Each character of the content stands for one byte. */
    private static RecordCase bytes(String title, String content, String... facts) {
        return refused(title, FILE, content.getBytes(StandardCharsets.ISO_8859_1), facts);
    }

    private static String nested(int depth) {
        return "[".repeat(depth) + "]".repeat(depth);
    }

    private static String manyFields() {
        StringBuilder object = new StringBuilder("{\"field0\":0");
        for (int i = 1; i < 5000; i++) {
            object.append(",\"field").append(i).append("\":0");
        }
        return object.append('}').toString();
    }
}

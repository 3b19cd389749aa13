package dev.microgpt.train.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.data.Documents;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Documents written as records, in all ways that the formats have, are read back exactly. */
class RecordRoundTripTest {
    private static final List<String> PIECES = List.of(
            "a", "\"", "\"\"", ",", ";", "\t", "\n", "\n\n", " ", "'", "\\", "\\n", "{", "}", ":", "[", "é", "한국", "😀",
            "e\u0301", "\u2028", "\u0085", "\ufeff", "\u0001", "\u007f", "null", "text", "\ue000", "\uffff");

    private static final List<String> LINE_ENDS = List.of("\n", "\r\n", "\r");

    @TempDir
    private Path folder;

    private final Random random = new Random(1);

    /** A file, and the line on which each of its documents begins. */
    private static final class Written {
        final StringBuilder text = new StringBuilder();
        final List<Integer> lines = new ArrayList<>();
        private int line = 1;

        void append(String part) {
            text.append(part);
            line += (int) part.replace("\r\n", "\n")
                    .chars()
                    .filter(c -> c == '\n' || c == '\r')
                    .count();
        }

        void begin() {
            lines.add(line);
        }
    }

    @Test
    void randomDocumentsAreReadBackExactlyWhereverABufferEnds() throws IOException {
        for (int i = 0; i < 50; i++) {
            List<String> documents = documents(1 + random.nextInt(6));
            assertReadBack(documents, "a.csv", separated(documents, ','));
            assertReadBack(documents, "a.tsv", separated(documents, '\t'));
            assertReadBack(documents, "a.jsonl", jsonLines(documents));
        }
    }

    /** Each has its own format, header, byte order mark and lines, and no record goes on in the next one. */
    @Test
    void theFilesOfAFolderAreReadOneByOne() throws IOException {
        Files.writeString(folder.resolve("a.jsonl"), "\ufeff{\"text\":\"a\"}");
        Files.writeString(folder.resolve("b.csv"), "\ufefftext,n\n\"b\n\",1");
        Files.writeString(folder.resolve("c.csv"), "\ufeffn,text\r1,c\r");
        Files.writeString(folder.resolve("d.jsonl"), "\n{\"text\":\"d\"}\n\n");
        Files.writeString(folder.resolve("e.tsv"), "text\tn\n\n\"e\"\t\n");
        RecordFormat format = RecordFormat.field("text");
        Documents read = Documents.read(TextSource.of(folder, format.usualFiles()), format);
        assertEquals(List.of("a", "b\n", "c", "d", "e"), read.texts());
        assertEquals(sha256(read.texts()), read.sha256());
        List<String> lines = List.of("a.jsonl:1", "b.csv:2", "c.csv:2", "d.jsonl:2", "e.tsv:3");
        for (int i = 0; i < lines.size(); i++) {
            assertEquals(folder + File.separator + lines.get(i), read.place(i));
        }
        Files.writeString(folder.resolve("b.csv"), "text,n\nb,1\n\"b");
        assertRefused("b.csv:3: ");
        Files.writeString(folder.resolve("b.csv"), "n,body\n");
        assertRefused("b.csv:1: ");
        Files.writeString(folder.resolve("a.jsonl"), "{\"text\":\"a\"}\n{\"text\":");
        assertRefused("a.jsonl:2: ");
    }

    private void assertRefused(String place) throws IOException {
        RecordFormat format = RecordFormat.field("text");
        TextSource source = TextSource.of(folder, format.usualFiles());
        String message = assertThrows(DataException.class, () -> Documents.read(source, format))
                .getMessage();
        assertTrue(message.startsWith("data " + folder + File.separator + place), message);
    }

    private void assertReadBack(List<String> documents, String file, Written written) throws IOException {
        Path path = Files.writeString(folder.resolve(file), written.text);
        Documents read = Documents.read(TextSource.of(path), RecordFormat.field("text"));
        assertEquals(documents, read.texts(), written.text::toString);
        assertEquals(sha256(documents), read.sha256());
        for (int bufferBytes = 4; bufferBytes < 10; bufferBytes++) {
            assertReadBack(documents, path.toString(), written, bufferBytes);
        }
        for (int i = 0; i < documents.size(); i++) {
            assertEquals(path + ":" + written.lines.get(i), read.place(i), written.text::toString);
        }
    }

    private static void assertReadBack(List<String> documents, String file, Written written, int bufferBytes)
            throws IOException {
        byte[] bytes = written.text.toString().getBytes(StandardCharsets.UTF_8);
        TextSource.Part part = new TextSource.Part(file, () -> new ByteArrayInputStream(bytes));
        try (TextPieces records =
                new FieldRecords(new TextReader(List.of(part), bufferBytes), "text", SplitText.LONGEST)) {
            for (int i = 0; i < documents.size(); i++) {
                assertEquals(documents.get(i), records.next(), () -> bufferBytes + ": " + written.text);
                assertEquals(written.lines.get(i), records.line(), () -> bufferBytes + ": " + written.text);
            }
            assertNull(records.next());
        }
    }

    /** The definition: the UTF-8 bytes of each document and 0xFF, a byte that UTF-8 does not have. */
    private static String sha256(List<String> documents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String document : documents) {
                digest.update(document.getBytes(StandardCharsets.UTF_8));
                digest.update((byte) 0xFF);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> documents(int count) {
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            documents.add(pieces() + "x" + pieces());
        }
        return documents;
    }

    private String pieces() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(any(PIECES));
        }
        return text.toString();
    }

    private String any(List<String> list) {
        return list.get(random.nextInt(list.size()));
    }

    private Written separated(List<String> documents, char separator) {
        Written file = new Written();
        int before = random.nextInt(3);
        int after = random.nextInt(3);
        file.append(random.nextBoolean() ? "\ufeff" : "");
        for (int row = -1; row < documents.size(); row++) {
            if (row >= 0) {
                file.begin();
            }
            for (int column = -before; column <= after; column++) {
                String value = column != 0 ? "t" + pieces() : row < 0 ? "text" : documents.get(row);
                boolean mustQuote = value.matches("(?s).*[\"\n" + separator + "].*");
                file.append(column > -before ? String.valueOf(separator) : "");
                file.append(
                        mustQuote || random.nextBoolean()
                                ? "\"" + value.replace("\"", "\"\"").replace("\n", any(LINE_ENDS)) + "\""
                                : value);
            }
            file.append(row == documents.size() - 1 && random.nextBoolean() ? "" : any(LINE_ENDS));
        }
        return file;
    }

    private Written jsonLines(List<String> documents) {
        Written file = new Written();
        String lineEnd = any(LINE_ENDS);
        file.append(random.nextBoolean() ? "\ufeff" : "");
        for (String document : documents) {
            file.append(random.nextInt(4) == 0 ? lineEnd : "");
            file.begin();
            file.append("{");
            file.append(random.nextBoolean() ? "\"meta\": {" + string("text") + ":" + string(pieces()) + "}," : "");
            file.append(string("text") + " : " + string(document));
            file.append(random.nextBoolean() ? "," + string("t" + pieces()) + ":[1e2,null]" : "");
            file.append("}" + lineEnd);
        }
        return file;
    }

    /** Escapes what must be, and any other character at random. */
    private String string(String value) {
        StringBuilder json = new StringBuilder("\"");
        String lineEnd = any(List.of("\\n", "\\r\\n", "\\r", "\\u000A"));
        for (char c : value.toCharArray()) {
            boolean mustEscape = c < ' ' || c == '"' || c == '\\';
            boolean isHalf = Character.isSurrogate(c); // both halves of a pair are escaped, or none
            if (c == '\n') {
                json.append(lineEnd);
            } else if (mustEscape || (isHalf ? value.length() % 2 == 0 : random.nextInt(4) == 0)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString();
    }
}

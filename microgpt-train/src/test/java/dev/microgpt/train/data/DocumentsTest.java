package dev.microgpt.train.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertIterableEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.data.read.DataException;
import dev.microgpt.train.data.read.RecordFormat;
import dev.microgpt.train.data.read.TextRepairs;
import dev.microgpt.train.data.read.TextSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {
    /** What Python 3.11 prints for {@code [c for c in range(0x110000) if not chr(c).strip()]}. */
    private static final Set<Integer> PYTHON_SPACES = Set.of(
            0x9, 0xa, 0xb, 0xc, 0xd, 0x1c, 0x1d, 0x1e, 0x1f, 0x20, 0x85, 0xa0, 0x1680, 0x2000, 0x2001, 0x2002, 0x2003,
            0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000);

    @TempDir
    private Path folder;

    @Test
    void eachLineIsADocument() throws IOException {
        assertTexts("emma\nolivia\nava\n", "emma", "olivia", "ava");
        assertTexts("emma", "emma");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\r"})
    void linesEndAsOnAnySystem(String end) throws IOException {
        assertTexts("emma" + end + "olivia" + end + end + "ava", "emma", "olivia", "ava");
    }

    @Test
    void linesOfOneFileMayEndInAllThreeWays() throws IOException {
        assertTexts("a\rb\r\nc\nd\n\re", "a", "b", "c", "d", "e");
    }

    @Test
    void blankLinesAreSkipped() throws IOException {
        assertTexts("\n\n  \nemma\n\t\n\u00a0\u3000\nava\n\n", "emma", "ava");
    }

    /** Of the supplementary characters, which are no white space, every 15th, and all in a nightly build. */
    @Test
    void exactlyPythonsWhiteSpaceIsDroppedFromBothEnds() throws IOException {
        int stripped = 0;
        StringBuilder content = new StringBuilder();
        List<String> expected = new ArrayList<>();
        int step = Boolean.getBoolean("microgpt.test.nightly") ? 1 : 15;
        for (int c = 1; c <= Character.MAX_CODE_POINT; c += c <= Character.MAX_VALUE ? 1 : step) {
            if (!(c >= 0xd800 && c <= 0xdfff) && c != '\n' && c != '\r') {
                String space = Character.toString(c);
                boolean dropped = PYTHON_SPACES.contains(c);
                content.append(space + "|" + space + "|" + space + "\n");
                expected.add(dropped ? "|" + space + "|" : space + "|" + space + "|" + space);
                stripped += dropped ? 1 : 0;
            }
        }
        List<String> texts = texts(content.toString());
        assertIterableEquals(expected, texts);
        assertEquals(27, stripped, "29 with LF and CR, which end lines");
    }

    @Test
    void otherLineSeparatorsOfUnicodeDoNotEndALine() throws IOException {
        assertTexts("a\u2028b\u0085c\u000bd\fe\u001cf", "a\u2028b\u0085c\u000bd\fe\u001cf");
    }

    @Test
    void aByteOrderMarkIsDroppedAtTheStartOnly() throws IOException {
        assertTexts("\ufeffemma\nava", "emma", "ava");
        assertTexts("emma\n\ufeffava", "emma", "\ufeffava");
        assertTexts("\ufeff\ufeffemma", "\ufeffemma");
    }

    @Test
    void textBeyondAsciiIsKept() throws IOException {
        assertTexts("한국\né😀\n", "한국", "é😀");
    }

    @Test
    void theReturnedListMayBeChanged() throws IOException {
        Documents documents = Documents.of("b\na".getBytes(StandardCharsets.UTF_8), "names.txt");
        documents.texts().clear();
        assertEquals(List.of("b", "a"), documents.texts());
    }

    @Test
    void theHashIsThatOfTheFilesBytes() throws IOException {
        Path file = Files.writeString(folder.resolve("names.txt"), "emma\r\n");
        Documents documents = Documents.read(file);
        assertEquals(List.of("emma"), documents.texts());
        // printf 'emma\r\n' | sha256sum
        assertEquals("139d97619542875546457cc35433de1993c92116ec8d225bef13fc40f7274f29", documents.sha256());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", " \t\r\n\n", "\ufeff", "\u00a0\n\u2003"})
    void aFileWithoutDocumentIsRefused(String content) {
        DataException e = refused(content.getBytes(StandardCharsets.UTF_8));
        String text = content.replace("\ufeff", "");
        long lines = text.lines().count();
        assertEquals(
                "data names.txt: the text has " + lines
                        + (lines == 1 ? " line, which is blank" : " lines, all of them blank")
                        + ", but must have one document per line",
                e.getMessage());
    }

    @Test
    void aByteThatIsNotUtf8IsNamedWithLineAndOffset() {
        assertRefused("emma\nzo\u00eb\n", "2: byte 0xEB at offset 7");
        assertRefused("\u00e9", "1: byte 0xE9 at offset 0");
        assertRefused("emma\r\nava\r\n\u00ff", "3: byte 0xFF at offset 11");
    }

    @Test
    void aByteThatIsNotUtf8IsNamedWithItsLineWhereLinesEndInCr() {
        assertRefused("emma\rava\r\u00ff", "3: byte 0xFF at offset 9");
    }

    @Test
    void sequencesThatUtf8ForbidsAreRefused() {
        assertRefused("a\u00c0\u0080", "1: byte 0xC0 at offset 1"); // overlong NUL
        assertRefused("a\u00ed\u00a0\u0080", "1: byte 0xED at offset 1"); // half of a surrogate pair
        assertRefused("a\u00f4\u0090\u0080\u0080", "1: byte 0xF4 at offset 1"); // beyond U+10FFFF
        assertRefused("ab\u00e2\u0082", "1: byte 0xE2 at offset 2"); // cut at the end of the file
    }

    @Test
    void anErrorLateInALongFileIsNamedToo() {
        assertRefused("0123456\n".repeat(100_000) + "\u00ff", "100001: byte 0xFF at offset 800000");
    }

    @Test
    void aMissingFileIsAnIoException() {
        assertThrows(NoSuchFileException.class, () -> Documents.read(folder.resolve("none.txt")));
    }

    @Test
    void aFolderIsAnIoException() {
        IOException e = assertThrows(IOException.class, () -> Documents.read(folder));
        assertTrue(!(e instanceof DataException), "the content was not at fault");
    }

    @Test
    void aZeroIsNoText() {
        DataException e = refused("emma\r\n\u00e9a\0va".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                "data names.txt:2: byte 0x00 at offset 9 is not text; the file must be UTF-8 text", e.getMessage());
    }

    @Test
    void theFirstOfSeveralWrongBytesIsNamed() {
        DataException e = refused(new byte[] {'a', '\n', 0, (byte) 0xFF});
        assertTrue(String.valueOf(e.getMessage()).startsWith("data names.txt:2: byte 0x00 at offset 2"));
    }

    @Test
    void aLineMayBeLongerThanThePiecesThatAreRead() throws IOException {
        String longLine = "é한😀".repeat((1 << 16) / 4);
        assertTexts("a\n" + longLine + "\r\n" + longLine, "a", longLine, longLine);
    }

    @Test
    void eachFileOfAFolderBeginsANewLine() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "\ufeffemma\n\nolivia");
        Files.writeString(folder.resolve("b.txt"), "\n\n");
        Files.writeString(folder.resolve("c.txt"), "");
        Files.writeString(folder.resolve("d.txt"), "\ufeffava\r");
        Files.writeString(folder.resolve("e.txt"), "\nmia\n");
        Files.writeString(folder.resolve("f.md"), "zoe\n");
        Documents documents = Documents.read(folder);
        assertEquals(List.of("emma", "olivia", "ava", "mia"), documents.texts());
        assertEquals(new TextRepairs(1, 2, 4), documents.repairs());
        assertEquals(folder.resolve("a.txt") + ":1", documents.place(0));
        assertEquals(folder.resolve("a.txt") + ":3", documents.place(1));
        assertEquals(folder.resolve("d.txt") + ":1", documents.place(2));
        assertEquals(folder.resolve("e.txt") + ":2", documents.place(3));
    }

    @Test
    void theHashOfAFolderIsThatOfOneFileWithItsLines() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "\ufeffemma");
        Files.writeString(folder.resolve("b.txt"), "\ufeff");
        Files.writeString(folder.resolve("c.txt"), "ava\r");
        Files.writeString(folder.resolve("d.txt"), "mia\n");
        byte[] joined = "emma\nava\r\nmia\n".getBytes(StandardCharsets.UTF_8);
        assertEquals(
                Documents.of(joined, "joined.txt").sha256(),
                Documents.read(folder).sha256());
    }

    @Test
    void aBrokenFileOfAFolderIsNamed() throws IOException {
        Files.writeString(folder.resolve("a.txt"), "emma\n");
        Path broken = Files.write(folder.resolve("b.txt"), "zoe\nren\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        DataException e = assertThrows(DataException.class, () -> Documents.read(folder));
        assertEquals(
                "data " + broken + ":2: byte 0xE9 at offset 7 is not UTF-8; the file must be UTF-8 text",
                e.getMessage());
    }

    @Test
    void moreThanTheLimitIsRefusedAndNotReadToTheEnd() throws IOException {
        InputStream in = new ByteArrayInputStream(new byte[49]);
        TextSource text = TextSource.of(in, "-");
        assertEquals(49, text.contents(49, "documents must fit in memory").get(0).length);
        in.reset();
        DataException e = assertThrows(DataException.class, () -> text.contents(20, "documents must fit in memory"));
        assertEquals("data -: the text has more than 20 bytes; documents must fit in memory", e.getMessage());
        assertEquals(49 - 21, in.available());
    }

    @Test
    void aFileOfAnotherKindIsCalledWhatItLooksLike() {
        DataException e = refused("emma\n".getBytes(StandardCharsets.UTF_16LE));
        assertEquals(
                "data names.txt: found what looks like UTF-16LE, expected UTF-8 text; convert it with: iconv -f"
                        + " UTF-16LE"
                        + " -t UTF-8",
                e.getMessage());
    }

    @Test
    void eachStringOfAListIsADocument() throws IOException {
        Documents list = Documents.of(List.of("one\r\ntwo\n", " ", "  three\r", "\n", "한😀"), "list");
        assertEquals(List.of("one\ntwo\n", "  three\n", "한😀"), list.texts());
        assertEquals(new TextRepairs(2, 0, 0, 2, 0), list.repairs());
        assertEquals("list:1", list.place(0));
        assertEquals("list:3", list.place(1));
        byte[] lines =
                "{\"t\":\"one\\ntwo\\n\"}\n{\"t\":\"  three\\n\"}\n{\"t\":\"한😀\"}\n".getBytes(StandardCharsets.UTF_8);
        TextSource jsonLines = TextSource.of(new ByteArrayInputStream(lines), "-");
        assertEquals(Documents.read(jsonLines, RecordFormat.field("t")).sha256(), list.sha256());
    }

    @Test
    void aListWithoutDocumentAndAStringThatIsNoTextAreRefused() {
        assertListRefused(
                "data list: the list has 2 strings, all of them blank, but must have one document per string",
                "",
                "\n\u00a0");
        assertListRefused(
                "data list: the list has 0 strings, all of them blank, but must have one document per string");
        String rule = ": the string has U+0000 or half of a surrogate pair, which no text can have; remove it";
        assertListRefused("data list:2" + rule, "emma", "a\0b");
        assertListRefused("data list:1" + rule, "\ud83d", "emma");
    }

    private static void assertListRefused(String message, String... texts) {
        DataException e = assertThrows(DataException.class, () -> Documents.of(List.of(texts), "list"));
        assertEquals(message, e.getMessage());
    }

    @Test
    void whatIsSetRightIsCounted() throws IOException {
        byte[] content = "\ufeffemma\r\n\nava\r \nmia\n".getBytes(StandardCharsets.UTF_8);
        Documents documents = Documents.of(content, "names.txt");
        assertEquals(new TextRepairs(2, 1, 2), documents.repairs());
        assertEquals("names.txt:3", documents.place(1));
        assertEquals("names.txt:5", documents.place(2));
    }

    /** Each character of the content stands for one byte. */
    private static void assertRefused(String content, String found) {
        DataException e = refused(content.getBytes(StandardCharsets.ISO_8859_1));
        assertEquals("data names.txt:" + found + " is not UTF-8; the file must be UTF-8 text", e.getMessage());
    }

    private static DataException refused(byte[] content) {
        return assertThrows(DataException.class, () -> Documents.of(content, "names.txt"));
    }

    private static void assertTexts(String content, String... texts) throws IOException {
        assertEquals(List.of(texts), texts(content));
    }

    private static List<String> texts(String content) throws IOException {
        return Documents.of(content.getBytes(StandardCharsets.UTF_8), "names.txt")
                .texts();
    }
}

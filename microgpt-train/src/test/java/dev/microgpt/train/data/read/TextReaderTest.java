package dev.microgpt.train.data.read;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextReaderTest {
    /** Characters of 1, 2, 3 and 4 bytes, so that every one of them begins at each place in a small buffer. */
    private static final String MIXED = "aé한😀b😀😀한éa\r\n\r\r\n\u2028".repeat(7);

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 11, 64, TextReader.BUFFER_BYTES})
    void charactersAcrossTheBordersOfTheBufferAreWhole(int bufferBytes) throws IOException {
        try (TextReader reader = new TextReader(parts(utf8(MIXED)), bufferBytes)) {
            StringBuilder text = new StringBuilder();
            for (String piece = reader.next(); piece != null; piece = reader.next()) {
                assertFalse(Character.isLowSurrogate(piece.charAt(0)), "begins inside a pair");
                assertFalse(Character.isHighSurrogate(piece.charAt(piece.length() - 1)), "ends inside a pair");
                text.append(piece);
            }
            assertEquals(MIXED.replace("\r\n", "\n").replace("\r", "\n"), text.toString());
            assertEquals(3 * 7, reader.repairs().lineEnds());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 64})
    void filesFollowOneAnotherWithoutTheirByteOrderMarks(int bufferBytes) throws IOException {
        assertEquals("a\n\ufeffbc", read(bufferBytes, utf8("\ufeffa\n"), utf8(""), utf8("\ufeff\ufeffb"), utf8("c")));
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 64})
    void aByteThatIsNotUtf8IsNamedWithFileAndOffset(int bufferBytes) {
        assertRefused(bufferBytes, "abcdefgh\u00e9i", "0xE9 at offset 8");
        assertRefused(bufferBytes, "abc\u00ed\u00a0\u0080", "0xED at offset 3"); // half of a surrogate pair
        assertRefused(bufferBytes, "\u00c0\u0080", "0xC0 at offset 0"); // overlong NUL
        assertRefused(bufferBytes, "abcde\u00ff", "0xFF at offset 5");
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 64})
    void aCharacterThatIsCutAtTheEndIsRefused(int bufferBytes) {
        assertRefused(bufferBytes, "abcdef\u00f0\u009f\u0098", "0xF0 at offset 6");
        assertRefused(bufferBytes, "ab\u00e2\u0082", "0xE2 at offset 2");
        assertRefused(bufferBytes, "\u00c3", "0xC3 at offset 0");
    }

    @Test
    void aCharacterMustNotGoOnInTheNextFile() {
        byte[] emoji = utf8("😀");
        List<TextSource.Part> parts = parts(new byte[] {emoji[0], emoji[1]}, new byte[] {emoji[2], emoji[3]});
        DataException e = assertThrows(DataException.class, () -> read(new TextReader(parts, 64)));
        assertEquals("data 0.txt:1: byte 0xF0 at offset 0 is not UTF-8; the file must be UTF-8 text", e.getMessage());
    }

    @Test
    void theOffsetIsThatInTheFileWithTheError() {
        DataException e = assertThrows(
                DataException.class,
                () -> read(8, utf8("0123456789"), utf8("012345678901234567890é"), new byte[] {'a', (byte) 0xFE}));
        assertEquals("data 2.txt:1: byte 0xFE at offset 1 is not UTF-8; the file must be UTF-8 text", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 64})
    void aWrongByteIsNamedWithItsLine(int bufferBytes) {
        byte[] bytes = "ab\r\ncdefg\n\rhi\u00e9".getBytes(StandardCharsets.ISO_8859_1);
        DataException e = assertThrows(DataException.class, () -> read(bufferBytes, utf8("a\nb\n"), bytes));
        assertEquals("data 1.txt:4: byte 0xE9 at offset 13 is not UTF-8; the file must be UTF-8 text", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 64})
    void aZeroIsNoText(int bufferBytes) {
        DataException e = assertThrows(DataException.class, () -> read(bufferBytes, utf8("a\r\né한\nb\0c")));
        assertEquals("data 0.txt:3: byte 0x00 at offset 10 is not text; the file must be UTF-8 text", e.getMessage());
    }

    /** A reader of lines hands on all that are complete. */
    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 64})
    void whatPrecedesAWrongByteIsHandedOn(int bufferBytes) throws IOException {
        for (String wrong : List.of("\u00ff", "\0")) {
            byte[] bytes = ("ab\r\ncde" + wrong + "f\ng\n").getBytes(StandardCharsets.ISO_8859_1);
            try (TextReader reader = new TextReader(parts(bytes, utf8("h\n")), bufferBytes)) {
                StringBuilder text = new StringBuilder();
                DataException e = assertThrows(DataException.class, () -> {
                    while (true) {
                        text.append(reader.next());
                    }
                });
                assertEquals("ab\ncde", text.toString());
                assertTrue(e.getMessage().startsWith("data 0.txt:2: byte 0x"), e.getMessage());
                assertThrows(DataException.class, reader::next, "nothing follows");
            }
        }
    }

    @Test
    void whatIsSetRightIsCounted() throws IOException {
        TextReader reader = new TextReader(parts(utf8("\ufeffa\r"), utf8("\nb\r\n"), utf8("\ufeffc\n")), 4);
        assertEquals("a\n\nb\nc\n", read(reader));
        assertEquals(new TextRepairs(2, 2, 0), reader.repairs());
    }

    @Test
    void filesAreClosedWhenTheyEnd() throws IOException {
        List<String> closed = new ArrayList<>();
        TextSource.Part part = new TextSource.Part("a", () -> new ByteArrayInputStream(utf8("a")) {
            @Override
            public void close() {
                closed.add("a");
            }
        });
        assertEquals("aa", read(new TextReader(List.of(part, part), 64)));
        assertEquals(List.of("a", "a"), closed);
    }

    /** Each character of the content stands for one byte. */
    private static void assertRefused(int bufferBytes, String content, String found) {
        byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
        DataException e = assertThrows(DataException.class, () -> read(bufferBytes, bytes));
        assertEquals("data 0.txt:1: byte " + found + " is not UTF-8; the file must be UTF-8 text", e.getMessage());
    }

    private static String read(int bufferBytes, byte[]... files) throws IOException {
        return read(new TextReader(parts(files), bufferBytes));
    }

    private static String read(TextReader reader) throws IOException {
        try (reader) {
            StringBuilder text = new StringBuilder();
            for (String piece = reader.next(); piece != null; piece = reader.next()) {
                text.append(piece);
            }
            return text.toString();
        }
    }

    private static List<TextSource.Part> parts(byte[]... files) {
        List<TextSource.Part> parts = new ArrayList<>();
        for (byte[] file : files) {
            parts.add(new TextSource.Part(parts.size() + ".txt", () -> new ByteArrayInputStream(file)));
        }
        return parts;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

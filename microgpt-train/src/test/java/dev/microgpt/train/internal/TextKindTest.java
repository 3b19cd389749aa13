package dev.microgpt.train.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextKindTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a", "emma\nava\n", "한국\n", "\ufeffemma", "PAR1 and more", "PK", "\0", "a\0b", "%PD"})
    void whatMayBeTextIsNotComplainedOf(String text) {
        assertEquals("", complaint(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void wideCharactersAreKnownByTheirZeros(String charset) {
        String[] texts = {"emma\nava\n", "zo\u00eb", "Emma 1, \ud55c"};
        for (String text : texts) {
            if (!charset.startsWith("UTF-32") || text.charAt(text.length() - 1) < 256) {
                assertLooksLike(charset, text.getBytes(Charset.forName(charset)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"UTF-16LE, UTF-16", "UTF-16BE, UTF-16", "UTF-32LE, UTF-32LE", "UTF-32BE, UTF-32BE"})
    void wideCharactersAreKnownByTheirMark(String charset, String name) {
        assertLooksLike(name, "\ufeff\ud55c\uad6d".getBytes(Charset.forName(charset)));
    }

    @ParameterizedTest
    @CsvSource({"1f8b0800, gzip", "504b0304, zip archive", "255044462d312e37, PDF", "5041523115041510, Parquet"})
    void packedFilesAreKnownByTheirFirstBytes(String bytes, String name) {
        String complaint = complaint(HexFormat.of().parseHex(bytes));
        assertTrue(complaint.contains(name), complaint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
                "version https://git-lfs.github.com/spec/v1\r\noid sha256:4d7a\r\nsize 12345\r\n",
                "version https://hawser.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
            })
    void lfsPointersAreKnownByTheirFirstLine(String pointer) {
        assertEquals(
                "found what looks like a git-lfs pointer, expected UTF-8 text; run: git lfs pull",
                complaint(pointer.getBytes(StandardCharsets.UTF_8)));
        assertEquals("", complaint(("the " + pointer).getBytes(StandardCharsets.UTF_8)));
    }

    private static void assertLooksLike(String charset, byte[] start) {
        assertEquals(
                "found what looks like " + charset + ", expected UTF-8 text; convert it with: iconv -f " + charset
                        + " -t UTF-8",
                complaint(start));
    }

    private static String complaint(byte[] start) {
        return TextKind.complaint(start, start.length);
    }
}

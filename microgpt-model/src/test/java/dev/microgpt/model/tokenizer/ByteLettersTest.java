package dev.microgpt.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ByteLettersTest {
    @Test
    void spacesAndControlsHaveLettersOfTheirOwn() {
        assertEquals("ĠtheĊ", ByteLetters.toLetters(" the\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals("íķľ", ByteLetters.toLetters("한".getBytes(StandardCharsets.UTF_8)));
        assertEquals("Ń", ByteLetters.toLetters(new byte[] {(byte) 0xAD}));
    }

    @Test
    void all256LettersComeBack() {
        byte[] bytes = new byte[256];
        int own = 0;
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        String letters = ByteLetters.toLetters(bytes);
        for (int i = 0; i < bytes.length; i++) {
            own += letters.charAt(i) == i ? 1 : 0;
        }
        assertEquals(188, own);
        assertEquals(256, letters.chars().distinct().count());
        assertArrayEquals(bytes, ByteLetters.toBytes(letters));
    }

    @Test
    void theOrderIsThatOfTheLetters() {
        byte[] sorted = new byte[256];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = ByteLetters.sortedBytes()[i];
        }
        String letters = ByteLetters.toLetters(sorted);
        assertEquals(
                letters,
                letters.chars()
                        .sorted()
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString());
    }

    @Test
    void otherCharactersAreRefused() {
        String rest = " must be one of the 256 characters that represent bytes in GPT-2's files (a space is 'Ġ');"
                + " is it a special token, or a file in another format?";
        assertRefused("tokenizer: ' ' (U+0020) at index 1 of a token" + rest, "a b");
        assertRefused("tokenizer: U+00AD at index 0 of a token" + rest, "\u00ad");
        assertRefused("tokenizer: 'ń' (U+0144) at index 0 of a token" + rest, "ń");
        assertRefused("tokenizer: '😀' (U+1F600) at index 2 of a token" + rest, "ab😀");
    }

    private static void assertRefused(String message, String letters) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> ByteLetters.toBytes(letters))
                        .getMessage());
    }
}

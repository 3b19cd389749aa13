package dev.microgpt.model.tokenizer.bpe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.model.tokenizer.RandomTexts;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    @Test
    void textsAreTheBytesOfTheJdksEncoder() {
        for (int seed = 0; seed < 1000; seed++) {
            String text = RandomTexts.any(new Random(seed));
            assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), Utf8.encode(text), "seed " + seed);
        }
    }

    @Test
    void charactersBeyondTheBasicPlaneHaveFourBytes() {
        assertArrayEquals(new byte[] {(byte) 0xF0, (byte) 0x9F, (byte) 0x98, (byte) 0x80}, Utf8.encode("😀"));
        assertArrayEquals(new byte[] {(byte) 0xF4, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF}, Utf8.encode("\udbff\udfff"));
    }

    /** The JDK's encoder would write a question mark instead. */
    @Test
    void unpairedSurrogatesAreRefused() {
        assertRefused("U+D83D at index 0", "\ud83d");
        assertRefused("U+DE00 at index 0", "\ude00");
        assertRefused("U+D83D at index 2", "😀a\ud83d");
        assertRefused("U+DE00 at index 1", "a\ude00b");
        assertRefused("U+DE00 at index 1", "😀\ude00");
        assertRefused("U+D83D at index 0", "\ud83d😀");
        assertRefused("U+DE00 at index 0", "\ude00\ud83d");
    }

    private static void assertRefused(String what, String text) {
        assertEquals(
                "tokenizer: " + what + " of the text is an unpaired surrogate, but surrogates must come"
                        + " in pairs; the text was cut inside a character or decoded incorrectly",
                assertThrows(IllegalArgumentException.class, () -> Utf8.encode(text))
                        .getMessage());
    }
}

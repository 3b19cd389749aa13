package dev.microgpt.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ByteTokenizerTest {
    private final ByteTokenizer tokenizer = new ByteTokenizer();

    @Test
    void idsAreTheBytesOfUtf8() {
        assertArrayEquals(new int[] {'a', 0xED, 0x95, 0x9C, 0xC3, 0xA9, 0}, tokenizer.encode("a한é\u0000"));
        assertEquals("a한", tokenizer.decode('a', 0xED, 0x95, 0x9C));
        assertEquals(257, tokenizer.vocabSize());
        assertEquals(256, tokenizer.bos());
    }

    @Test
    void emptyTextHasNoIds() {
        assertEquals(0, tokenizer.encode("").length);
        assertEquals("", tokenizer.decode());
    }

    @Test
    void eachTokenIsItsByteAndBosIsNone() {
        for (int id = 0; id < 256; id++) {
            assertArrayEquals(new byte[] {(byte) id}, tokenizer.bytes(id));
        }
        assertEquals(0, tokenizer.bytes(256).length);
    }

    @Test
    void halfACharacterIsAReplacementCharacter() {
        assertEquals("a\ufffd", tokenizer.decode('a', 0xED, 0x95));
        assertEquals("\ufffdb", tokenizer.decode(0x9C, 'b'));
    }

    @Test
    void randomTextsComeBackUnchanged() {
        for (int seed = 0; seed < RandomTexts.COUNT; seed++) {
            String text = RandomTexts.any(new Random(seed));
            assertEquals(text, tokenizer.decode(tokenizer.encode(text)), "seed " + seed);
        }
    }

    @Test
    void aTextCanBeCutAnywhere() {
        assertEquals(3, tokenizer.lastCut("abc"));
        assertEquals(0, tokenizer.lastCut(""));
    }

    @Test
    void idsWithoutTextAreRefused() {
        assertRefused(
                "tokenizer: id 256 at index 1 is BOS, which represents no text; leave it out",
                () -> tokenizer.decode(0, 256));
        assertRefused(
                "tokenizer: id 257 at index 0 is not in the vocabulary; the ids of text are 0 … 255",
                () -> tokenizer.decode(257));
        assertRefused(
                "tokenizer: id -1 at index 2 is not in the vocabulary; the ids of text are 0 … 255",
                () -> tokenizer.decode(1, 2, -1));
        assertRefused("tokenizer: id 257 is not in the vocabulary; the ids are 0 … 256", () -> tokenizer.bytes(257));
        assertRefused("tokenizer: id -1 is not in the vocabulary; the ids are 0 … 256", () -> tokenizer.bytes(-1));
    }

    @Test
    void itsTextHasTheNumberOfTokens() {
        assertEquals("ByteTokenizer[257 tokens]", tokenizer.toString());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}

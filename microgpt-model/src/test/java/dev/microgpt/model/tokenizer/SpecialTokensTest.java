package dev.microgpt.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpecialTokensTest {
    private static final CharTokenizer CHARS = CharTokenizer.ofAlphabet(" <>abdefnotx|");

    /** Special tokens of which some begin with, or overlap, others; each letter is a token, and so is {@code ab}. */
    private static final SpecialTokens OVERLAPPING = SpecialTokens.of(new BpeTokenizer(new BpeVocabularyBuilder()
            .token(0, "a".getBytes(StandardCharsets.UTF_8))
            .token(1, "b".getBytes(StandardCharsets.UTF_8))
            .token(2, "c".getBytes(StandardCharsets.UTF_8))
            .token(3, " ".getBytes(StandardCharsets.UTF_8))
            .token(4, "ab".getBytes(StandardCharsets.UTF_8))
            .special(5, "abc")
            .special(6, "abcab")
            .special(7, "ca")
            .special(8, "bb ")
            .merge("a".getBytes(StandardCharsets.UTF_8), "b".getBytes(StandardCharsets.UTF_8))
            .noBos()
            .build()));

    @Test
    void endOfTextIsTheBosOfATokenizerWithoutSpecialTokens() {
        assertEquals(
                Map.of("<|endoftext|>", 256),
                SpecialTokens.of(new ByteTokenizer()).ids());
        assertArrayEquals(
                new int[] {'a', 256, 256, 'b'},
                SpecialTokens.of(new ByteTokenizer()).encode("a<|endoftext|><|endoftext|>b"));
        assertArrayEquals(new int[] {CHARS.bos()}, SpecialTokens.of(CHARS).encode("<|endoftext|>"));
    }

    @Test
    void theVocabularyOfABpeTokenizerNamesThem() {
        assertEquals(
                List.of("abc", "abcab", "ca", "bb "),
                List.copyOf(OVERLAPPING.ids().keySet()));
        assertArrayEquals(new int[] {4, 3, 5, 3, 4}, OVERLAPPING.encode("ab abc ab"));
    }

    @Test
    void theFirstIsFoundAndOfSeveralThereTheLongest() {
        assertArrayEquals(new int[] {6, 2}, OVERLAPPING.encode("abcabc"));
        assertArrayEquals(new int[] {7, 1, 2}, OVERLAPPING.encode("cabc"));
        assertArrayEquals(new int[] {5, 3, 4, 3, 8, 0}, OVERLAPPING.encode("abc ab bb a"));
        assertEquals("abcab", OVERLAPPING.firstIn("b abcab ca"));
        assertEquals(List.of("b ", "abcab", " ", "ca", ""), OVERLAPPING.split("b abcab ca"));
        assertEquals(List.of("", "abcab", "", "abc", ""), OVERLAPPING.split("abcababc"));
        assertEquals(List.of(""), OVERLAPPING.split(""));
        assertNull(OVERLAPPING.firstIn("ab cb"));
        assertNull(OVERLAPPING.firstIn(""));
    }

    @Test
    void textWithoutOneIsThatOfTheTokenizer() {
        for (int seed = 0; seed < RandomTexts.COUNT; seed++) {
            String text = RandomTexts.any(new Random(seed));
            assertArrayEquals(
                    new ByteTokenizer().encode(text),
                    SpecialTokens.of(new ByteTokenizer()).encode(text),
                    "seed " + seed);
        }
        assertEquals(0, OVERLAPPING.encode("").length);
    }

    @Test
    void aCutAnywhereItIsSafeDoesNotChangeTheTokens() {
        SpecialTokens bytes = SpecialTokens.of(new ByteTokenizer());
        for (int seed = 0; seed < RandomTexts.COUNT; seed++) {
            Random random = new Random(seed);
            assertCutsAnywhere(OVERLAPPING, text(random, 12, "a", "b", "c", " "));
            assertCutsAnywhere(bytes, text(random, 3, "<|endoftext|>", "<|end", "oftext|>", "<", "é"));
        }
    }

    private static void assertCutsAnywhere(SpecialTokens specials, String text) {
        int[] whole = specials.encode(text);
        for (int end = 0; end <= text.length(); end++) {
            int cut = specials.lastCut(text.substring(0, end));
            int[] first = specials.encode(text.substring(0, cut));
            int[] second = specials.encode(text.substring(cut));
            int[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            assertArrayEquals(whole, both, "\"" + text + "\" cut at " + cut);
        }
    }

    @Test
    void aCutIsAsLateAsWhatMayFollowAllows() {
        SpecialTokens bytes = SpecialTokens.of(new ByteTokenizer());
        assertEquals(3, bytes.lastCut("abc"));
        assertEquals(1, bytes.lastCut("a<|endoftext|"));
        assertEquals(14, bytes.lastCut("a<|endoftext|>"));
        assertEquals(3, OVERLAPPING.lastCut("bb ab")); // which may become abc or abcab
        assertEquals(8, OVERLAPPING.lastCut("bb abcab"));
    }

    @Test
    void withoutBosThereIsNone() {
        SpecialTokens none = SpecialTokens.of(new BpeTokenizer(new BpeVocabularyBuilder()
                .token(0, "<".getBytes(StandardCharsets.UTF_8))
                .noBos()
                .build()));
        assertEquals(Map.of(), none.ids());
        assertArrayEquals(new int[] {0, 0}, none.encode("<<"));
    }

    @Test
    void anUnknownCharacterBehindOneIsCountedFromTheWholeText() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> SpecialTokens.of(CHARS).encode("ab<|endoftext|>aZ"))
                .getMessage();
        assertEquals(
                "tokenizer: 'Z' (U+005A) at index 1 of the text is not in the alphabet of 13 characters,"
                        + " \" <>abdefnotx|\"; use only characters that were in the training text (index 0 is here the"
                        + " character after a special token, at index 15 of the whole text)",
                message);
    }

    private static String text(Random random, int length, String... pieces) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }
}

package dev.microgpt.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class CharTokenizerTest {
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz";

    @Test
    void idsAreTheSortedCharactersAndThenBos() {
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(List.of("emma", "", "olivia"));
        assertEquals("aeilmov", tokenizer.alphabet());
        assertEquals(7, tokenizer.bos());
        assertEquals(8, tokenizer.vocabSize());
        assertArrayEquals(new int[] {1, 4, 4, 0}, tokenizer.encode("emma"));
        assertEquals("emma", tokenizer.decode(1, 4, 4, 0));
    }

    @Test
    void theAlphabetMakesTheSameTokenizerAgain() {
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(List.of("z\n😀가é"));
        CharTokenizer again = CharTokenizer.ofAlphabet(tokenizer.alphabet());
        assertEquals("\nzé가😀", again.alphabet());
        assertArrayEquals(tokenizer.encode("가😀\né"), again.encode("가😀\né"));
    }

    @Test
    void emptyTextHasNoIds() {
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet(LETTERS);
        assertEquals(0, tokenizer.encode("").length);
        assertEquals("", tokenizer.decode());
    }

    @Test
    void koreanSyllablesAreOneTokenEach() {
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(List.of("한국어", "한글"));
        assertEquals("국글어한", tokenizer.alphabet());
        assertArrayEquals(new int[] {3, 0, 2}, tokenizer.encode("한국어"));
    }

    @Test
    void aCombiningMarkIsATokenOfItsOwn() {
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(List.of("e\u0301\u00e9"));
        assertArrayEquals(new int[] {0, 2, 1}, tokenizer.encode("e\u0301\u00e9"));
        assertEquals("e\u0301", tokenizer.decode(0, 2));
    }

    @Test
    void charactersBeyondTheBasicPlaneAreOneTokenEachAndSortLast() {
        // U+FFFD is below U+1F600, although the first char of the emoji, U+D83D, is below U+FFFD
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(List.of("😀\ufffda\udbff\udfff"));
        assertEquals(5, tokenizer.vocabSize());
        assertArrayEquals(new int[] {2, 1, 0, 3}, tokenizer.encode("😀\ufffda\udbff\udfff"));
        assertEquals("\udbff\udfff😀", tokenizer.decode(3, 2));
    }

    @Test
    void anEmojiOfSeveralCodePointsIsSeveralTokens() {
        String family = "👩\u200d👧";
        CharTokenizer tokenizer = CharTokenizer.fromDocuments(List.of(family));
        assertArrayEquals(new int[] {2, 0, 1}, tokenizer.encode(family));
        assertEquals(family, tokenizer.decode(tokenizer.encode(family)));
    }

    @Test
    void randomTextsComeBackUnchanged() {
        for (int seed = 0; seed < RandomTexts.COUNT; seed++) {
            String text = RandomTexts.any(new Random(seed));
            CharTokenizer tokenizer = CharTokenizer.fromDocuments(List.of(text));
            int[] ids = tokenizer.encode(text);
            assertEquals(text, tokenizer.decode(ids), "seed " + seed);
            assertEquals(text.codePoints().distinct().count(), tokenizer.vocabSize() - 1, "seed " + seed);
            assertArrayEquals(
                    ids, CharTokenizer.ofAlphabet(tokenizer.alphabet()).encode(text), "seed " + seed);
        }
    }

    @Test
    void anUnknownCharacterIsNamedWithItsPlaceAndTheAlphabet() {
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet(LETTERS);
        assertRefused(
                "tokenizer: 'E' (U+0045) at index 0 of the text is not in the alphabet of 26 characters,"
                        + " \"abcdefghijklmnopqrstuvwxyz\"; use only characters that were in the training text",
                () -> tokenizer.encode("Emma"));
        assertRefused(
                "tokenizer: '한' (U+D55C) at index 2 of the text is not in the alphabet of 26 characters,"
                        + " \"abcdefghijklmnopqrstuvwxyz\"; use only characters that were in the training text",
                () -> tokenizer.encode("ab한"));
    }

    @Test
    void theIndexOfAnUnknownCharacterCountsCodePoints() {
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet("ab😀");
        assertRefused(
                "tokenizer: '😁' (U+1F601) at index 3 of the text is not in the alphabet of 3 characters,"
                        + " \"ab😀\"; use only characters that were in the training text",
                () -> tokenizer.encode("😀a😀😁"));
    }

    @Test
    void unknownCharactersThatCannotBeSeenAreShownByNumber() {
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet("ab");
        String rest = " at index 1 of the text is not in the alphabet of 2 characters, \"ab\";"
                + " use only characters that were in the training text";
        assertRefused("tokenizer: U+000A" + rest, () -> tokenizer.encode("a\n"));
        assertRefused("tokenizer: U+001B" + rest, () -> tokenizer.encode("a\u001b"));
        assertRefused("tokenizer: U+200D" + rest, () -> tokenizer.encode("a\u200d"));
        assertRefused("tokenizer: ' ' (U+0020)" + rest, () -> tokenizer.encode("a "));
        assertRefused("tokenizer: '◌\u0301' (U+0301)" + rest, () -> tokenizer.encode("a\u0301"));
    }

    @Test
    void theAlphabetInAMessageStaysOnOneLine() {
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet("\t\n\r\u001b !\u2028");
        assertRefused(
                "tokenizer: 'a' (U+0061) at index 0 of the text is not in the alphabet of 7 characters,"
                        + " \"\\t\\n\\r\\u{1B} !\\u{2028}\"; use only characters that were in the training text",
                () -> tokenizer.encode("a"));
    }

    @Test
    void onlyASampleOfALongAlphabetIsShown() {
        String syllables = IntStream.range(0xAC00, 0xAC00 + 81)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        assertRefused(
                "tokenizer: 'a' (U+0061) at index 0 of the text is not in the alphabet of 81 characters, \""
                        + syllables.substring(0, 80) + "…\"; use only characters that were in the training text",
                () -> CharTokenizer.ofAlphabet(syllables).encode("a"));
    }

    @Test
    void unpairedSurrogatesAreRefused() {
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet("ab😀");
        String rest = " is an unpaired surrogate, but surrogates must come in pairs;"
                + " the text was cut inside a character or decoded incorrectly";
        assertRefused("tokenizer: U+D83D at index 2 of the text" + rest, () -> tokenizer.encode("😀a\ud83d"));
        assertRefused("tokenizer: U+DE00 at index 1 of the text" + rest, () -> tokenizer.encode("a\ude00b"));
        assertRefused("tokenizer: U+D83D at index 0 of the alphabet" + rest, () -> CharTokenizer.ofAlphabet("\ud83d"));
        assertRefused(
                "tokenizer: U+D83D at index 3 of document 1 (the first is 0)" + rest,
                () -> CharTokenizer.fromDocuments(List.of("emma", "a😀b\ud83db")));
    }

    @Test
    void idsWithoutTextAreRefused() {
        CharTokenizer tokenizer = CharTokenizer.ofAlphabet(LETTERS);
        assertRefused(
                "tokenizer: id 26 at index 2 is BOS, which represents no text; leave it out",
                () -> tokenizer.decode(0, 1, 26));
        assertRefused(
                "tokenizer: id 27 at index 0 is not in the vocabulary; the ids of text are 0 … 25",
                () -> tokenizer.decode(27));
        assertRefused(
                "tokenizer: id -1 at index 1 is not in the vocabulary; the ids of text are 0 … 25",
                () -> tokenizer.decode(3, -1));
    }

    @Test
    void documentsWithoutCharactersAreRefused() {
        assertRefused(
                "tokenizer: the 0 documents have no characters; an alphabet needs at least one",
                () -> CharTokenizer.fromDocuments(List.of()));
        assertRefused(
                "tokenizer: the 2 documents have no characters; an alphabet needs at least one",
                () -> CharTokenizer.fromDocuments(List.of("", "")));
    }

    @Test
    void alphabetsThatAreEmptyUnsortedOrRepeatACharacterAreRefused() {
        assertRefused(
                "tokenizer: the alphabet is empty; it needs at least one character",
                () -> CharTokenizer.ofAlphabet(""));
        assertRefused(
                "tokenizer: the alphabet has 'a' (U+0061) at index 2 after '😀' (U+1F600);"
                        + " its characters must be in ascending order of code points, each once",
                () -> CharTokenizer.ofAlphabet("A😀a"));
        assertRefused(
                "tokenizer: the alphabet has 'b' (U+0062) at index 2 after 'b' (U+0062);"
                        + " its characters must be in ascending order of code points, each once",
                () -> CharTokenizer.ofAlphabet("abbc"));
    }

    @Test
    void itsTextShowsTheAlphabet() {
        assertEquals(
                "CharTokenizer[4 tokens: \"ab😀\"]",
                CharTokenizer.ofAlphabet("ab😀").toString());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}

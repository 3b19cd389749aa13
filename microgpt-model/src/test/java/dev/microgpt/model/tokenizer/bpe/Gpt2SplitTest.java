package dev.microgpt.model.tokenizer.bpe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.tokenizer.RandomTexts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class Gpt2SplitTest {
    /** As in GPT-2's encoder.py. */
    private static final Pattern GPT2 = Pattern.compile(
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
            Pattern.UNICODE_CHARACTER_CLASS);

    @Test
    void aSpaceGoesWithTheWordBehindIt() {
        assertEquals(List.of("Hello", " world", "!", " 42", "\n"), split("Hello world! 42\n"));
    }

    @Test
    void contractionsAreWordsInLowerCaseOnly() {
        assertEquals(List.of("it", "'s", " we", "'ll", "x"), split("it's we'llx"));
        assertEquals(List.of("IT", "'", "S", " '", "s", "!'", "s"), split("IT'S 's!'s"));
    }

    @Test
    void theLastOfSeveralSpacesIsLeftOver() {
        assertEquals(List.of("a", "  ", " b", "\n", "\n", "c", "\t", "\t", "1", "  "), split("a   b\n\nc\t\t1  "));
        assertEquals(List.of("a", "\u00a0", "\u00a0", "b", "\u2028\u2028"), split("a\u00a0\u00a0b\u2028\u2028"));
    }

    @Test
    void randomTextsAreSplitAsByTheRegularExpression() {
        for (int seed = 0; seed < RandomTexts.COUNT; seed++) {
            Random random = new Random(seed);
            String text = RandomTexts.pieces(random) + (seed % 4 == 0 ? RandomTexts.known(random) : "");
            List<String> expected = new ArrayList<>();
            for (Matcher matcher = GPT2.matcher(text); matcher.find(); ) {
                expected.add(matcher.group());
            }
            assertEquals(expected, split(text), "seed " + seed);
        }
    }

    @Test
    void aTextIsCutWhereKindsChange() {
        assertEquals(0, Gpt2Split.lastCut(""));
        assertEquals(0, Gpt2Split.lastCut("word"));
        assertEquals(0, Gpt2Split.lastCut("   "));
        assertEquals(5, Gpt2Split.lastCut("Hello wor"));
        assertEquals(5, Gpt2Split.lastCut("Hello  "));
        assertEquals(3, Gpt2Split.lastCut("don't"));
        assertEquals(4, Gpt2Split.lastCut("abc,def"));
        assertEquals(2, Gpt2Split.lastCut("😀한국"));
    }

    /** Checks that the words before and after a cut are the words of the whole text. */
    @Test
    void whateverFollowsACutIsABoundaryOfWords() {
        int cuts = 0;
        for (int seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            String beginning = RandomTexts.pieces(random);
            int cut = Gpt2Split.lastCut(beginning);
            cuts += cut > 0 ? 1 : 0;
            for (int i = 0; i < 3; i++) {
                String text = beginning + RandomTexts.pieces(random);
                List<String> words = split(text.substring(0, cut));
                words.addAll(split(text.substring(cut)));
                assertEquals(split(text), words, "seed " + seed);
            }
        }
        assertTrue(cuts > 4500, cuts + " cuts");
    }

    private static List<String> split(String text) {
        byte[] utf8 = Utf8.encode(text);
        List<String> words = new ArrayList<>();
        for (int from = 0, to; from < utf8.length; from = to) {
            to = Gpt2Split.end(utf8, from);
            words.add(new String(utf8, from, to - from, StandardCharsets.UTF_8));
        }
        return words;
    }
}

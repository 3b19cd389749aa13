package dev.microgpt.model.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TextStreamTest {
    private static final String GRIN = "\uD83D\uDE00";

    /** Tokens that represent the given bytes. */
    private record Vocabulary(byte[]... tokens) implements Tokenizer {
        static Vocabulary of(String... texts) {
            byte[][] tokens = new byte[texts.length][];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = texts[i].getBytes(StandardCharsets.UTF_8);
            }
            return new Vocabulary(tokens);
        }

        @Override
        public int vocabSize() {
            return tokens.length + 1;
        }

        @Override
        public int bos() {
            return tokens.length;
        }

        @Override
        public int[] encode(String text) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String decode(int... ids) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int id : ids) {
                all.writeBytes(tokens[id]);
            }
            return all.toString(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] bytes(int id) {
            return id == bos() ? new byte[0] : tokens[id].clone();
        }
    }

    /** All pieces of a text whose tokens are bytes, the last of them from {@code end()}. */
    private static List<String> pieces(List<String> stops, byte... bytes) {
        TextStream text = new TextStream(new ByteTokenizer(), stops);
        List<String> pieces = new ArrayList<>();
        for (byte b : bytes) {
            if (!text.stopped()) {
                pieces.add(text.add(Byte.toUnsignedInt(b)));
            }
        }
        pieces.add(text.end());
        return pieces;
    }

    private static List<String> pieces(String all, String... stops) {
        return pieces(List.of(stops), all.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aCharacterComesWithItsLastByte() {
        assertEquals(List.of("a", "", "\u00E9", ""), pieces("a\u00E9"));
        assertEquals(List.of("", "", "", GRIN, "b", ""), pieces(GRIN + "b"));
    }

    @Test
    void halfACharacterAtTheEndIsReplaced() {
        assertEquals(List.of("a", "", "", "", "\uFFFD"), pieces(List.of(), (byte) 'a', (byte) 0xF0, (byte) 0x9F, (byte)
                0x98));
    }

    @Test
    void halfACharacterInTheMiddleIsReplacedAsSoonAsItIsClear() {
        assertEquals(List.of("", "\uFFFDa", ""), pieces(List.of(), (byte) 0xC3, (byte) 'a'));
        assertEquals(List.of("\uFFFD", "\uFFFD", ""), pieces(List.of(), (byte) 0xFF, (byte) 0x80));
    }

    @Test
    void theStopStringIsNotPartOfTheText() {
        assertEquals(List.of("a", "", "", ""), pieces("a\n\nb", "\n\n"));
    }

    @Test
    void whatMayBeginAStopStringWaits() {
        assertEquals(List.of("a", "", "\nb", ""), pieces("a\nb", "\n\n"));
        assertEquals(List.of("a", "", "\n"), pieces("a\n", "\n\n"));
    }

    @Test
    void aStopStringThatBeginsInsideItsOwnBeginningIsFound() {
        assertEquals(List.of("", "", "a", "", ""), pieces("aaab", "aab"));
        assertEquals("ab", String.join("", pieces("abababc!", "ababc")));
        assertEquals("aab", String.join("", pieces("aabaabaaa!", "aabaaa")));
    }

    @Test
    void theFirstThatIsCompleteEndsTheText() {
        assertEquals("x", String.join("", pieces("xabcd", "abcd", "ab")), "the beginning of another");
        assertEquals("xa", String.join("", pieces("xabcd", "abcde", "bc")), "inside another");
    }

    @Test
    void ofTwoThatAreCompleteTogetherTheLongerIsCutOff() {
        assertEquals("x", String.join("", pieces("xabc", "c", "abc", "bc")));
    }

    @Test
    void oneTokenMayHoldTheStopStringAndMore() {
        TextStream text = new TextStream(Vocabulary.of("one, two, three"), List.of(", "));
        assertEquals("one", text.add(0));
        assertTrue(text.stopped());
        assertEquals("", text.end());
    }

    @Test
    void aStopStringMayBeginInOneTokenAndEndInAnother() {
        TextStream text = new TextStream(Vocabulary.of("Hi<|e", "nd|>x", "n"), List.of("<|end|>"));
        assertEquals("Hi", text.add(0));
        assertEquals("", text.add(1));
        assertTrue(text.stopped());
        TextStream other = new TextStream(Vocabulary.of("Hi<|e", "nd|>x", "n"), List.of("<|end|>"));
        assertEquals("Hi", other.add(0));
        assertEquals("", other.add(2));
        assertEquals("<|en", other.add(2).substring(0, 4), "no longer the beginning of it");
        assertFalse(other.stopped());
    }

    @Test
    void anEmojiMayEndTheText() {
        assertEquals("a\uD83D\uDE01", String.join("", pieces("a\uD83D\uDE01" + GRIN + "b", GRIN)));
    }

    @Test
    void theBeginningHasNoText() {
        TextStream text = new TextStream(new ByteTokenizer(), List.of());
        assertEquals("", text.add(256));
        assertEquals("", text.end());
    }

    /** Compares the pieces with the whole text, decoded in one go and cut at the first stop string. */
    @Test
    void thePiecesAreTheWholeText() {
        Random random = new Random(20260212);
        int stopped = 0;
        int replaced = 0;
        for (int trial = 0; trial < 20_000; trial++) {
            Vocabulary vocabulary = vocabulary(random);
            List<String> stops = new ArrayList<>();
            for (int s = random.nextInt(4); s > 0; s--) {
                stops.add(string(1 + random.nextInt(4), random));
            }
            int[] ids = random.ints(random.nextInt(25), 0, vocabulary.tokens().length)
                    .toArray();
            TextStream text = new TextStream(vocabulary, stops);
            StringBuilder pieces = new StringBuilder();
            for (int i = 0; i < ids.length && !text.stopped(); i++) {
                pieces.append(text.add(ids[i]));
            }
            pieces.append(text.end());
            String all = vocabulary.decode(ids);
            String expected = cut(all, stops);
            assertEquals(expected, pieces.toString(), "trial " + trial + ": " + all + " with " + stops);
            assertEquals(expected.length() < all.length(), text.stopped(), "trial " + trial);
            stopped += text.stopped() ? 1 : 0;
            replaced += expected.indexOf('\uFFFD') >= 0 ? 1 : 0;
        }
        assertTrue(stopped > 5000, "only " + stopped + " met a stop string");
        assertTrue(replaced > 5000, "only " + replaced + " had bytes that are not UTF-8");
    }

    /** Mostly bytes that begin, continue or end characters of all lengths, well-formed or not. */
    private static Vocabulary vocabulary(Random random) {
        byte[] alphabet = new byte[] {
            'a',
            'b',
            'a',
            'b',
            (byte) 0xC3,
            (byte) 0xA9,
            (byte) 0xE2,
            (byte) 0x82,
            (byte) 0xAC,
            (byte) 0xF0,
            (byte) 0x9F,
            (byte) 0x98,
            (byte) 0x80,
            (byte) 0xED,
            (byte) 0xA0,
            (byte) 0xC0,
            (byte) 0xF4,
            (byte) 0xFF
        };
        byte[][] tokens = new byte[10][];
        for (int t = 0; t < tokens.length; t++) {
            if (random.nextBoolean()) {
                tokens[t] = string(random.nextInt(4), random).getBytes(StandardCharsets.UTF_8);
            } else {
                tokens[t] = new byte[1 + random.nextInt(3)];
                for (int i = 0; i < tokens[t].length; i++) {
                    tokens[t][i] = alphabet[random.nextInt(alphabet.length)];
                }
            }
        }
        return new Vocabulary(tokens);
    }

    private static String string(int length, Random random) {
        String[] characters = {"a", "a", "b", "b", "\u00E9", "\u20AC", GRIN, "\uFFFD"};
        StringBuilder string = new StringBuilder();
        for (int i = 0; i < length; i++) {
            string.append(characters[random.nextInt(characters.length)]);
        }
        return string.toString();
    }

    private static String cut(String all, List<String> stops) {
        for (int end = 1; end <= all.length(); end++) {
            int longest = 0;
            for (String stop : stops) {
                longest = Math.max(longest, all.substring(0, end).endsWith(stop) ? stop.length() : 0);
            }
            if (longest > 0) {
                return all.substring(0, end - longest);
            }
        }
        return all;
    }

    @Test
    void afterItsEndATextTakesNoToken() {
        TextStream ended = new TextStream(new ByteTokenizer(), List.of("b"));
        ended.end();
        assertEquals("", ended.end(), "once more changes nothing");
        IllegalStateException late = assertThrows(IllegalStateException.class, () -> ended.add('a'));
        assertEquals("text: token 97 comes after end(); create a new TextStream for another text", late.getMessage());
        TextStream stopped = new TextStream(new ByteTokenizer(), List.of("b"));
        stopped.add('b');
        late = assertThrows(IllegalStateException.class, () -> stopped.add('a'));
        assertEquals(
                "text: token 97 comes after a stop string; create a new TextStream for another text",
                late.getMessage());
    }

    @Test
    void anEmptyStopStringIsRefused() {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new TextStream(new ByteTokenizer(), List.of("a", "")));
        assertEquals("stop string 1 is empty; it must have at least one character", e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD83D", "\uDE00", "a\uD83Db"})
    void halfASurrogatePairIsRefused(String stop) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new TextStream(new ByteTokenizer(), List.of(stop)));
        assertTrue(
                e.getMessage().contains("of stop string 0 is an unpaired surrogate, but surrogates must come in pairs"),
                e.getMessage());
    }
}

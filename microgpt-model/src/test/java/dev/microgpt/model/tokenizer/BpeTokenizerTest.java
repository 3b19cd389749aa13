package dev.microgpt.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.tokenizer.bpe.Utf8;
import dev.microgpt.model.tokenizer.bpe.WordEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

class BpeTokenizerTest {
    private static final BpeTokenizer GPT2 = new BpeTokenizer(Gpt2.VOCABULARY);

    /** Only some bytes, and ids in no order: a 3, b 1, c 6, ab 0, bc 4, abc 5 and two special tokens. */
    private static BpeTokenizer abc() {
        return new BpeTokenizer(new BpeVocabularyBuilder()
                .token(3, Utf8.encode("a"))
                .token(1, Utf8.encode("b"))
                .token(6, Utf8.encode("c"))
                .token(0, Utf8.encode("ab"))
                .token(4, Utf8.encode("bc"))
                .token(5, Utf8.encode("abc"))
                .special(2, BpeVocabulary.END_OF_TEXT)
                .special(7, "<|é|>")
                .merge(Utf8.encode("b"), Utf8.encode("c"))
                .merge(Utf8.encode("a"), Utf8.encode("b"))
                .merge(Utf8.encode("ab"), Utf8.encode("c"))
                .build());
    }

    @Test
    void thePairOfTheLowestRankIsJoinedFirst() {
        // "abc" never results: b is joined with c before a with b
        assertArrayEquals(new int[] {3, 4, 0, 3, 3, 4, 6}, abc().encode("abcabaabcc"));
    }

    @Test
    void encodesLikeTheNaiveAlgorithm() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int alphabet = 1 + random.nextInt(4);
            BpeVocabulary vocabulary = randomVocabulary(random, alphabet);
            BpeTokenizer tokenizer = new BpeTokenizer(vocabulary);
            for (int i = 0; i < 3; i++) {
                // on both sides of the length above which a heap is used
                String word = RandomTexts.word(random, alphabet, 1 + random.nextInt(3 * WordEncoder.SHORT));
                assertArrayEquals(naive(vocabulary, word), tokenizer.encode(word), "seed " + seed + ": " + word);
            }
        }
    }

    /** Letters, and merges of random pairs of tokens, many of which overlap or give the same bytes. */
    private static BpeVocabulary randomVocabulary(Random random, int alphabet) {
        List<String> tokens = new ArrayList<>();
        List<String> merges = new ArrayList<>();
        for (int i = 0; i < alphabet; i++) {
            tokens.add(Character.toString('a' + i));
        }
        BpeVocabularyBuilder builder = new BpeVocabularyBuilder();
        for (int i = random.nextInt(60); i > 0; i--) {
            String left = tokens.get(random.nextInt(tokens.size()));
            String right = tokens.get(random.nextInt(tokens.size()));
            if (left.length() + right.length() < 12 && !merges.contains(left + " " + right)) {
                merges.add(left + " " + right);
                builder.merge(Utf8.encode(left), Utf8.encode(right));
                if (!tokens.contains(left + right)) {
                    tokens.add(left + right);
                }
            }
        }
        int[] ids = IntStream.range(0, tokens.size()).toArray();
        for (int i = ids.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int id = ids[i];
            ids[i] = ids[j];
            ids[j] = id;
        }
        for (int i = 0; i < ids.length; i++) {
            builder.token(ids[i], Utf8.encode(tokens.get(i)));
        }
        return builder.special(ids.length, BpeVocabulary.END_OF_TEXT).build();
    }

    /** Searches all pairs of a word of letters for each merge. */
    private static int[] naive(BpeVocabulary vocabulary, String word) {
        List<Integer> ids = new ArrayList<>();
        for (byte b : Utf8.encode(word)) {
            for (int id = 0; id < vocabulary.size(); id++) {
                if (Arrays.equals(vocabulary.bytes(id), new byte[] {b})) {
                    ids.add(id);
                }
            }
        }
        for (boolean joined = true; joined; ) {
            joined = false;
            for (BpeVocabulary.Merge merge : vocabulary.merges()) {
                for (int i = 0; i + 1 < ids.size() && !joined; i++) {
                    if (ids.get(i) == merge.left() && ids.get(i + 1) == merge.right()) {
                        ids.set(i, merge.token());
                        ids.remove(i + 1);
                        joined = true;
                    }
                }
                if (joined) {
                    break;
                }
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    /** A quadratic merge would take hours. */
    @Test
    @Timeout(60)
    void aMegabyteThatIsOneWordIsEncoded() {
        for (String letter : new String[] {"a", " ", "^"}) {
            String text = letter.repeat(1 << 20);
            assertEquals(text, GPT2.decode(GPT2.encode(text)));
        }
    }

    @Test
    void severalThreadsMayEncodeAtATime() {
        String text = RandomTexts.pieces(new Random(1)).repeat(100) + RandomTexts.word(new Random(1), 4, 1000);
        int[] ids = GPT2.encode(text);
        IntStream.range(0, 100).parallel().forEach(i -> assertArrayEquals(ids, GPT2.encode(text)));
    }

    @Test
    void randomTextsComeBackUnchanged() {
        for (int seed = 0; seed < RandomTexts.COUNT; seed++) {
            Random random = new Random(seed);
            String text = seed % 2 == 0 ? RandomTexts.any(random) : RandomTexts.pieces(random);
            assertEquals(text, GPT2.decode(GPT2.encode(text)), "seed " + seed);
        }
    }

    @Test
    void partsOfATextCutAtTheLastCutHaveTheIdsOfTheWhole() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            String beginning = RandomTexts.pieces(random);
            String text = beginning + RandomTexts.pieces(random);
            int cut = GPT2.lastCut(beginning);
            int[] first = GPT2.encode(text.substring(0, cut));
            int[] second = GPT2.encode(text.substring(cut));
            int[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            assertArrayEquals(GPT2.encode(text), both, "seed " + seed);
        }
    }

    @Test
    void aSpecialTokenThatIsTypedIsText() {
        int[] ids = GPT2.encode(BpeVocabulary.END_OF_TEXT);
        assertEquals(7, ids.length);
        assertTrue(Arrays.stream(ids).noneMatch(id -> id == GPT2.bos()));
        assertEquals(BpeVocabulary.END_OF_TEXT, GPT2.decode(ids));
    }

    @Test
    void bosHasNoBytesAndOtherSpecialTokensHaveThoseOfTheirText() {
        BpeTokenizer tokenizer = abc();
        assertEquals(2, tokenizer.bos());
        assertEquals(0, tokenizer.bytes(2).length);
        assertEquals(7, tokenizer.vocabulary().specialToken("<|é|>"));
        assertArrayEquals(Utf8.encode("<|é|>"), tokenizer.bytes(7));
        assertEquals("ab<|é|>c", tokenizer.decode(0, 7, 6));
    }

    @Test
    void halfACharacterIsAReplacementCharacter() {
        int[] ids = GPT2.encode("한국");
        assertEquals("\ufffd", GPT2.decode(Arrays.copyOf(ids, 1)));
        assertEquals("한국", GPT2.decode(ids));
    }

    @Test
    void bytesWithoutATokenAreNamed() {
        String rest = ", which is not a token; use a vocabulary with all 256 bytes, or remove such characters";
        assertRefused(
                "tokenizer: 'd' (U+0064) at index 2 of the text has the byte 0x64" + rest, () -> abc().encode("abd"));
        assertRefused("tokenizer: '😀' (U+1F600) at index 1 of the text has the byte 0x9F" + rest, () -> {
            BpeVocabularyBuilder builder = new BpeVocabularyBuilder().special(0, BpeVocabulary.END_OF_TEXT);
            builder.token(1, new byte[] {'a'}).token(2, new byte[] {(byte) 0xF0});
            new BpeTokenizer(builder.build()).encode("a😀");
        });
    }

    @Test
    void unpairedSurrogatesAreRefused() {
        assertRefused(
                "tokenizer: U+D83D at index 1 of the text is an unpaired surrogate, but surrogates must come"
                        + " in pairs; the text was cut inside a character or decoded incorrectly",
                () -> GPT2.encode("a\ud83d"));
    }

    @Test
    void idsWithoutTextAreRefused() {
        assertRefused(
                "tokenizer: id 2 at index 1 is BOS, which represents no text; leave it out", () -> abc().decode(0, 2));
        assertRefused("tokenizer: id 8 at index 0 is not in the vocabulary; the ids are 0 … 7", () -> abc().decode(8));
        assertRefused(
                "tokenizer: id -1 at index 0 is not in the vocabulary; the ids are 0 … 7", () -> abc().decode(-1));
        assertRefused("tokenizer: id 8 is not in the vocabulary; the ids are 0 … 7", () -> abc().bytes(8));
    }

    @Test
    void emptyTextHasNoIds() {
        assertEquals(0, GPT2.encode("").length);
        assertEquals("", GPT2.decode());
    }

    @Test
    void itsTextHasTheNumbersOfTokensAndMerges() {
        assertEquals("BpeTokenizer[50257 tokens, 50000 merges]", GPT2.toString());
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}

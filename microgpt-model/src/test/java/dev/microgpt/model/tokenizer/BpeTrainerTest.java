package dev.microgpt.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.tokenizer.bpe.Gpt2Split;
import dev.microgpt.model.tokenizer.bpe.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BpeTrainerTest {
    @Test
    void theMostFrequentPairIsMergedFirst() {
        // "ab" twice in each of 3 words, then "abab", of which there are 3, then "abab" and "c", of which there are 2
        assertEquals(List.of("a b", "ab ab", "abab c"), merges(train(1000, "ababc ", "ababc\n", "abab")));
    }

    @Test
    void ofPairsAsFrequentTheOneOfTheLowestIdsIsFirst() {
        assertEquals(List.of("a z", "b a"), merges(train(1000, "ba\nba\naz\naz")));
        assertEquals(List.of("a b", "a z"), merges(train(1000, "az\naz\nab\nab")));
        // a space is represented by Ġ, which comes after z
        assertEquals(List.of("z a", "Ġ a"), merges(train(1000, "za\nza\n a a")));
    }

    @Test
    void mergesDoNotCrossWords() {
        assertEquals(List.of("Ġ x"), merges(train(1000, "x1 x1 x1!")));
    }

    @Test
    void idsAreTheBytesTheMergesAndTheSpecialToken() {
        BpeVocabulary vocabulary = train(258, "the the the").vocabulary();
        assertEquals(258, vocabulary.size());
        for (int id = 0; id < 256; id++) {
            assertArrayEquals(new byte[] {ByteLetters.sortedBytes()[id]}, vocabulary.bytes(id));
        }
        assertEquals("he", new String(vocabulary.bytes(256), StandardCharsets.UTF_8));
        assertEquals(257, vocabulary.bos());
        assertEquals(Map.of("<|endoftext|>", 257), vocabulary.specialTokens());
    }

    @Test
    void learningStopsWhenNoPairOccursTwice() {
        assertEquals(257, train(1000, "abcdef").vocabSize());
        assertEquals(257, train(1000).vocabSize());
        assertEquals(List.of("a b"), merges(train(Integer.MAX_VALUE, "ab", "xab")));
    }

    @Test
    void noTokenIsLongerThanFilesCanHold() {
        int most = BpeVocabulary.MAX_TOKEN_BYTES;
        BpeTokenizer carets = train(1000, "^".repeat(3 * most));
        assertEquals(257 + 16, carets.vocabSize()); // 2, 4, 8, … 65,536 carets
        assertEquals(most, carets.bytes(256 + 15).length);
        assertEquals(3, carets.encode("^".repeat(3 * most)).length);

        // shorter pairs are still merged once the most frequent one is too long
        BpeVocabulary mixed = train(1000, "^".repeat(3 * most), "ab ab").vocabulary();
        assertEquals(257 + 17, mixed.size());
        for (int id = 0; id < mixed.size(); id++) {
            assertTrue(mixed.bytes(id).length <= most, "token " + id);
        }
    }

    @Test
    void learnsWhatANaiveTrainerLearns() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<String> texts = new ArrayList<>();
            for (int i = random.nextInt(12); i >= 0; i--) {
                texts.add(RandomTexts.word(random, 1 + random.nextInt(4), random.nextInt(40)));
                texts.add(RandomTexts.pieces(random));
            }
            int vocabSize = 257 + random.nextInt(80);
            assertEquals(
                    naive(texts, vocabSize - 257),
                    merges(train(vocabSize, texts.toArray(new String[0]))),
                    "seed " + seed);
        }
    }

    /** Recounts all pairs for each merge. */
    private static List<String> naive(List<String> texts, int count) {
        List<List<Integer>> words = new ArrayList<>();
        for (String text : texts) {
            byte[] utf8 = Utf8.encode(text);
            for (int from = 0, to; from < utf8.length; from = to) {
                to = Gpt2Split.end(utf8, from);
                List<Integer> word = new ArrayList<>();
                for (int i = from; i < to; i++) {
                    word.add(idOf(utf8[i]));
                }
                words.add(word);
            }
        }
        List<String> letters = new ArrayList<>();
        for (int id = 0; id < 256; id++) {
            letters.add(ByteLetters.toLetters(new byte[] {ByteLetters.sortedBytes()[id]}));
        }
        List<String> merges = new ArrayList<>();
        while (merges.size() < count) {
            Map<Long, Integer> counts = new TreeMap<>(); // ascending by left and right
            for (List<Integer> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    counts.merge((long) word.get(i) << 32 | word.get(i + 1), 1, Integer::sum);
                }
            }
            long best = -1;
            int most = 1;
            for (Map.Entry<Long, Integer> pair : counts.entrySet()) {
                if (pair.getValue() > most) {
                    best = pair.getKey();
                    most = pair.getValue();
                }
            }
            if (best < 0) {
                break;
            }
            int left = (int) (best >>> 32);
            int right = (int) best;
            merges.add(letters.get(left) + " " + letters.get(right));
            for (List<Integer> word : words) {
                for (int i = 0; i + 1 < word.size(); i++) {
                    if (word.get(i) == left && word.get(i + 1) == right) {
                        word.set(i, letters.size());
                        word.remove(i + 1);
                    }
                }
            }
            letters.add(letters.get(left) + letters.get(right));
        }
        return merges;
    }

    private static int idOf(byte b) {
        int id = 0;
        while (ByteLetters.sortedBytes()[id] != b) {
            id++;
        }
        return id;
    }

    @Test
    void theVocabularyDependsNeitherOnTheOrderOfTextsNorOnTheirPieces() {
        StringBuilder text = new StringBuilder();
        for (int seed = 0; seed < 200; seed++) {
            text.append(RandomTexts.pieces(new Random(seed)));
        }
        BpeVocabulary whole = train(500, text.toString(), "ab 'tis").vocabulary();
        assertEquals(whole, train(500, "ab 'tis", text.toString()).vocabulary());
        BpeTrainer pieces = new BpeTrainer();
        Random random = new Random(1);
        StringBuilder rest = new StringBuilder();
        for (int from = 0, to; from < text.length(); from = to) {
            to = text.offsetByCodePoints(from, Math.min(random.nextInt(20), text.codePointCount(from, text.length())));
            rest.append(text, from, to);
            int cut = BpeTrainer.lastCut(rest.toString());
            pieces.add(rest.substring(0, cut));
            rest.delete(0, cut);
        }
        pieces.add(rest.toString());
        pieces.add("ab 'tis");
        assertEquals(whole, pieces.train(500));
        assertEquals(500, whole.size());
    }

    @Test
    void aTrainerGoesOnAfterTraining() {
        BpeTrainer trainer = new BpeTrainer();
        trainer.add("ab ab");
        assertEquals(List.of("a b"), merges(new BpeTokenizer(trainer.train(300))));
        trainer.add("bc bc bc");
        assertEquals(List.of("b c", "a b", "Ġ bc"), merges(new BpeTokenizer(trainer.train(300))));
    }

    @Test
    void anyLanguageIsLearnedAndComesBack() {
        for (String text : new String[] {
            "한국어 문장을 배우고 한국어 문장을 쓴다. 한국어는 한글로 쓴다.",
            "हिन्दी में लिखा पाठ, हिन्दी में पढ़ा पाठ। नमस्ते नमस्ते",
            "اللغة العربية لغة جميلة، واللغة العربية لغة قديمة",
            "😀😀 👩\u200d👩\u200d👧 👩\u200d👩\u200d👧 🇰🇷 🇰🇷 😀😀",
        }) {
            BpeTokenizer tokenizer = train(400, text);
            int[] ids = tokenizer.encode(text);
            assertEquals(text, tokenizer.decode(ids));
            int bytes = Utf8.encode(text).length;
            assertTrue(ids.length < bytes / 2, ids.length + " tokens of " + bytes + " bytes");
            String other = "Some other text, 다른 글, नया, جديد 🤷";
            assertEquals(other, tokenizer.decode(tokenizer.encode(other)));
        }
    }

    @Test
    void vocabulariesBelowTheBytesAreRefused() {
        assertEquals(
                "tokenizer: vocabSize is 256, but must be at least 257, for 256 bytes and <|endoftext|>",
                assertThrows(IllegalArgumentException.class, () -> new BpeTrainer().train(256))
                        .getMessage());
    }

    @Test
    void unpairedSurrogatesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new BpeTrainer().add("a\ud83d"));
    }

    private static BpeTokenizer train(int vocabSize, String... texts) {
        BpeTrainer trainer = new BpeTrainer();
        for (String text : texts) {
            trainer.add(text);
        }
        return new BpeTokenizer(trainer.train(vocabSize));
    }

    /** The merges in the format of merges.txt. */
    private static List<String> merges(BpeTokenizer tokenizer) {
        List<String> merges = new ArrayList<>();
        for (BpeVocabulary.Merge merge : tokenizer.vocabulary().merges()) {
            merges.add(ByteLetters.toLetters(tokenizer.bytes(merge.left())) + " "
                    + ByteLetters.toLetters(tokenizer.bytes(merge.right())));
        }
        return merges;
    }
}

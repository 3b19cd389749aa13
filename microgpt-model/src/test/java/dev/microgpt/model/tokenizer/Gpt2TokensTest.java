package dev.microgpt.model.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With GPT-2's vocabulary, the tokens are those of jtokkit. */
class Gpt2TokensTest {
    private static final Encoding JTOKKIT = Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.R50K_BASE);
    private static final BpeTokenizer TOKENIZER = new BpeTokenizer(Gpt2.VOCABULARY);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Hello world",
                "First Citizen:\nBefore we proceed any further, hear me speak.\n\nAll:\nSpeak, speak.\n",
                "It's we're I'm you've he'll she'd can't; IT'S WE'RE I'M YOU'VE HE'LL SHE'D CAN'T",
                "'s't're've'm'll'd 's 't 're ''s '''ll l'l 'r 'v 'l 'lx 'rex",
                "l’heure d'été, naïve façade, Straße, e\u0301 a\u0308\u0323o",
                "1 12 123 1234567890 3.14159 1,000,000 ½ ² Ⅷ ٣٤٥ १२३ 一二三",
                "العربية لغة جميلة، مرحبا بالعالم",
                "हिन्दी में लिखा हुआ पाठ, नमस्ते दुनिया",
                "한국어 문장입니다. 안녕하세요 세계! \u1112\u1161\u11ab",
                "ภาษาไทยไม่มีช่องว่างระหว่างคำ",
                "日本語のテキスト。中文文本，没有空格。",
                "😀 👩\u200d👩\u200d👧\u200d👦 🇰🇷🏳️\u200d🌈👍🏽",
                "line\r\nline\r\n\r\nline\rline\n\n\n  indented\n\ttab\t\ttabs \t mixed",
                "a\u00a0b\u00a0\u00a0c"
                        + " \u00a0d\u0085e\u0085\u0085f\u2028g\u2029\u2028h\u3000i\u3000\u3000j\u1680k\u202fl",
                "\u180e \u200b \ufeff \u001c\u001d\u001e\u001f \u0000\u0001\u007f",
                "a b  c   d    e     f      g       h        .         1          ",
                "    leading and trailing    ",
                "<|endoftext|> is text here, <|endoftext|><|endoftext|>",
                "# ## ### #### ##### ######## ################ #!/bin/sh #include #define #@$ #[ #{ #%&",
                "snake_case camelCase kebab-case x+=1; if(a&&b){return!c;}//...",
            })
    void nastyTextsHaveTheTokensOfJtokkit(String text) {
        assertSameTokens(text, text);
    }

    @Test
    void longWordsHaveTheTokensOfJtokkit() {
        Random random = new Random(1);
        for (int length : new int[] {63, 64, 65, 66, 499, 500, 501, 3000}) {
            for (int alphabet : new int[] {1, 2, 26}) {
                assertSameTokens(RandomTexts.word(random, alphabet, length), length + " of " + alphabet + " letters");
            }
            assertSameTokens(" ".repeat(length) + "x" + " ".repeat(length), length + " spaces");
            assertSameTokens("^".repeat(length) + "=-".repeat(length), length + " signs");
            assertSameTokens("한국".repeat(length), length + " times two syllables");
        }
    }

    @Test
    void randomTextsHaveTheTokensOfJtokkit() {
        for (int seed = 0; seed < RandomTexts.COUNT; seed++) {
            Random random = new Random(seed);
            assertSameTokens(RandomTexts.known(random) + RandomTexts.pieces(random), "seed " + seed);
        }
    }

    @Test
    void eachTokenIsItsOwnEncodingUnlessTheSplitPartsIt() {
        for (BpeVocabulary.Merge merge : Gpt2.VOCABULARY.merges()) {
            String text = utf8(Gpt2.VOCABULARY.bytes(merge.token()));
            if (text != null) {
                assertSameTokens(text, text);
            }
        }
    }

    @Test
    void theFirst256TokensAreTheBytesInTheOrderOfTheirLetters() {
        for (int id = 0; id < 256; id++) {
            assertArrayEquals(new byte[] {ByteLetters.sortedBytes()[id]}, TOKENIZER.bytes(id), "id " + id);
        }
    }

    @Test
    void thereAre344TokensThatAreNotUtf8Alone() {
        int partial = 0;
        for (int id = 0; id < TOKENIZER.vocabSize(); id++) {
            if (utf8(TOKENIZER.bytes(id)) == null) {
                partial++;
                assertTrue(TOKENIZER.decode(id).contains("\ufffd"), "id " + id);
            }
        }
        assertEquals(344, partial);
    }

    /** A reader of merges.txt that takes every line starting with # for a comment would lose them. */
    @Test
    void mergesThatBeginWithAHashAreKept() {
        int hashes = 0;
        for (BpeVocabulary.Merge merge : Gpt2.VOCABULARY.merges()) {
            if (Gpt2.VOCABULARY.bytes(merge.left())[0] == '#') {
                hashes++;
                String text = utf8(Gpt2.VOCABULARY.bytes(merge.token()));
                assertArrayEquals(new int[] {merge.token()}, TOKENIZER.encode(text), text);
            }
        }
        assertEquals(8, hashes);
    }

    @Test
    void theSpecialTokenIsTheLast() {
        assertEquals(50_257, TOKENIZER.vocabSize());
        assertEquals(50_000, Gpt2.VOCABULARY.merges().size());
        assertEquals(50_256, TOKENIZER.bos());
    }

    private static void assertSameTokens(String text, String name) {
        int[] ids = TOKENIZER.encode(text);
        assertArrayEquals(JTOKKIT.encodeOrdinary(text).toArray(), ids, name);
        assertEquals(text, TOKENIZER.decode(ids), name);
    }

    /** Returns the text of some bytes, or null if they are not UTF-8. */
    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}

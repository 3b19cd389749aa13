package dev.microgpt.model.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.RandomModels;
import dev.microgpt.model.generate.GeneratedText.Ending;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextGeneratorTest {
    private static final String GRIN = "\uD83D\uDE00";
    private static final long MODEL = 4;
    private static final int BLOCK = 6;
    private static final GenerationConfig CONFIG = GenerationConfig.of(SamplingConfig.ofTemperature(1));

    private final CharTokenizer tokenizer = CharTokenizer.ofAlphabet("abcdef" + GRIN);
    private final int[] prompt = {tokenizer.bos()};
    private final Gpt gpt =
            RandomModels.gpt(GptConfig.microgpt(tokenizer.vocabSize()).withSizes(1, 2, 8, BLOCK), MODEL);

    /** The tokens up to BOS, or so many. */
    private String decoded(int most, long seed) {
        Generator generator = new Generator(gpt, new Sampler(1), tokenizer.vocabSize(), BeyondBlock.HALF);
        return tokenizer.decode(generator.generate(prompt, most, tokenizer.bos(), new PythonRandom(seed)));
    }

    private GeneratedText text(GenerationConfig config, long seed) {
        return new TextGenerator(gpt, tokenizer, config).generate(prompt, new PythonRandom(seed));
    }

    @Test
    void textIsThatOfTheTokensUpToTheEndOfTheBlock() {
        Set<Ending> endings = EnumSet.noneOf(Ending.class);
        for (int seed = 0; seed < 20; seed++) {
            String expected = decoded(BLOCK, seed);
            GeneratedText text = text(CONFIG, seed);
            assertEquals(expected, text.text());
            assertEquals(expected.codePointCount(0, expected.length()), text.tokens());
            assertEquals(text.tokens() == BLOCK ? Ending.LENGTH : Ending.BOS, text.ending());
            endings.add(text.ending());
        }
        assertEquals(EnumSet.of(Ending.BOS, Ending.LENGTH), endings);
    }

    @Test
    void limitOfTokensGoesBeyondTheBlockOrEndsBefore() {
        boolean isLonger = false;
        for (int seed = 0; seed < 20; seed++) {
            assertEquals(
                    decoded(40, seed), text(CONFIG.withMaxNewTokens(40), seed).text());
            assertEquals(
                    decoded(2, seed), text(CONFIG.withMaxNewTokens(2), seed).text());
            isLonger |= text(CONFIG.withMaxNewTokens(40), seed).tokens() > BLOCK;
        }
        assertTrue(isLonger);
    }

    /** Characters are code points, and the text is the beginning of the one without the limit. */
    @Test
    void limitOfCharactersCutsBetweenCharacters() {
        boolean isCutBehindTwoChars = false;
        for (int seed = 0; seed < 20; seed++) {
            String all = decoded(200, seed);
            int characters = all.codePointCount(0, all.length());
            for (int limit = 1; limit <= 5; limit++) {
                GeneratedText text = text(CONFIG.withMaxCharacters(limit), seed);
                String expected = all.substring(0, all.offsetByCodePoints(0, Math.min(limit, characters)));
                assertEquals(expected, text.text());
                assertEquals(characters >= limit ? Ending.LENGTH : Ending.BOS, text.ending());
                isCutBehindTwoChars |= characters > limit && expected.endsWith(GRIN);
            }
        }
        assertTrue(isCutBehindTwoChars);
    }

    /** What is withheld because a stop string may begin there counts too. */
    @Test
    void limitOfCharactersHoldsWhereAStopStringMayBegin() {
        for (int seed = 0; seed < 20; seed++) {
            String all = decoded(200, seed);
            int stop = all.indexOf("ab");
            String ended = stop >= 0 ? all.substring(0, stop) : all;
            int characters = ended.codePointCount(0, ended.length());
            GeneratedText text = text(CONFIG.withMaxCharacters(4).withStop("ab"), seed);
            assertEquals(ended.substring(0, ended.offsetByCodePoints(0, Math.min(4, characters))), text.text());
        }
    }

    @Test
    void stopStringEndsTheText() {
        int stopped = 0;
        for (int seed = 0; seed < 20; seed++) {
            String all = decoded(100, seed);
            GeneratedText text = text(CONFIG.withMaxNewTokens(100).withStop("ab", GRIN), seed);
            int end = all.split("ab|" + GRIN, -1)[0].length();
            assertEquals(all.substring(0, end), text.text());
            assertEquals(end < all.length(), text.ending() == Ending.STOP);
            stopped += end < all.length() ? 1 : 0;
        }
        assertTrue(stopped > 3, "seeds with a stop string: " + stopped);
    }

    @Test
    void piecesComeOneByOneAndAddUpToTheText() {
        List<String> pieces = new ArrayList<>();
        GeneratedText text = new TextGenerator(
                        gpt, tokenizer, CONFIG.withMaxNewTokens(30).withStop("bb"))
                .generate(prompt, new PythonRandom(4), pieces::add);
        assertEquals(text.text(), String.join("", pieces));
        assertTrue(pieces.size() > 2, pieces.toString());
        assertFalse(pieces.contains(""));
    }

    @Test
    void textsOfOneGeneratorDoNotDependOnHowManyThereAre() {
        PythonRandom shared = new PythonRandom(5);
        TextGenerator generator = new TextGenerator(gpt, tokenizer, CONFIG);
        String first = generator.generate(prompt, shared).text();
        String second = generator.generate(prompt, shared).text();
        assertEquals(decoded(BLOCK, 5), first);
        PythonRandom again = new PythonRandom(5);
        text(CONFIG, 5);
        new TextGenerator(gpt, tokenizer, CONFIG).generate(prompt, again);
        assertEquals(
                second,
                new TextGenerator(gpt, tokenizer, CONFIG)
                        .generate(prompt, again)
                        .text());
    }

    @Test
    void tokenizerOfAnotherModelIsRefused() {
        CharTokenizer larger = CharTokenizer.ofAlphabet("abcdefghi");
        assertThrows(IllegalArgumentException.class, () -> new TextGenerator(gpt, larger, CONFIG));
    }
}

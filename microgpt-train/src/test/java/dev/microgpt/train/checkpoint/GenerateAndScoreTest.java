package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.Positions;
import dev.microgpt.model.generate.BeyondBlock;
import dev.microgpt.model.generate.GeneratedText;
import dev.microgpt.model.generate.GenerationConfig;
import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.DocumentWindows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class GenerateAndScoreTest {
    private static final CharTokenizer TOKENIZER = CharTokenizer.ofAlphabet("\nabcdefgh");
    private static final SamplingConfig SAMPLING = SamplingConfig.ofTemperature(0.9);
    private static final GptConfig SHAPE =
            GptConfig.microgpt(TOKENIZER.vocabSize()).withSizes(1, 2, 8, 8);

    private final TrainedModel names = model(SHAPE, DataFormat.DOCUMENTS);
    private final TrainedModel text = model(SHAPE, DataFormat.TEXT);

    private static TrainedModel model(GptConfig config, DataFormat format) {
        return new TrainedModel(new Gpt(config, Parameters.drawnFrom(new PythonRandom(3))), TOKENIZER, format);
    }

    @Test
    void documentEndsWithItsBosOrTheBlock() {
        int[] prompt = DataFormat.DOCUMENTS.promptTokens(TOKENIZER, "ab");
        for (long seed = 0; seed < 20; seed++) {
            int[] ids = new Generator(names.model(), new Sampler(0.9))
                    .generate(prompt, 6, TOKENIZER.bos(), new PythonRandom(seed));
            assertEquals(TOKENIZER.decode(ids), names.generate("ab", SAMPLING, seed));
        }
    }

    /** A token that ends any text is never the most likely one if its logit is 0. */
    @Test
    void textEndsAfterItsUsualLengthUnlessALimitIsGiven() {
        double[] head = text.model().parameters().get("lm_head").data();
        Arrays.fill(head, TOKENIZER.bos() * 8, (TOKENIZER.bos() + 1) * 8, 0);
        SamplingConfig likeliest = SamplingConfig.ofTemperature(0);
        GenerationConfig config = GenerationConfig.of(likeliest);
        String usual = text.generate("a", likeliest, 1);
        assertEquals(300, usual.length());
        String longer = text.generate("a", config.withMaxNewTokens(301), 1);
        assertEquals(301, longer.length());
        assertTrue(longer.startsWith(usual));
        assertEquals(250, text.generate("a", config.withMaxCharacters(250), 1).length());
    }

    @Test
    void piecesOfAStreamAddUp() {
        List<String> pieces = new ArrayList<>();
        GenerationConfig config =
                GenerationConfig.of(SAMPLING).withMaxNewTokens(40).withStop("aa");
        GeneratedText streamed = text.stream("", config, 1, pieces::add);
        assertEquals(streamed.text(), String.join("", pieces));
        assertEquals(streamed.text(), text.generate("", config, 1));
        assertTrue(pieces.size() > 1);
    }

    @Test
    void promptsThatTheModelCannotReadAreRefused() {
        assertRefused(
                "generate: the prompt has 8 tokens, but must have at most 7: the block size is 8, and one position"
                        + " marks the beginning of the document; shorten the prompt, or continue from its last tokens"
                        + " as if a document began there, with GenerationConfig.withBeyondBlock",
                () -> names.generate("abcdabcd", SAMPLING, 1));
        names.generate("abcdabc", SAMPLING, 1);
        text.generate("abcdabcdabcdabcd", GenerationConfig.of(SAMPLING).withMaxNewTokens(1), 1);
        assertTrue(assertThrows(IllegalArgumentException.class, () -> names.generate("xyz", SAMPLING, 1))
                .getMessage()
                .contains("x"));
    }

    @Test
    void withAChoiceOfWhatItSeesAModelContinuesALongPromptOfADocument() {
        String prompt = "abcdabcdab";
        int[] seen = TOKENIZER.encode("cdabcdab"); // the last block
        for (BeyondBlock beyond : BeyondBlock.values()) {
            GenerationConfig config = GenerationConfig.of(SAMPLING).withBeyondBlock(beyond);
            Generator generator = new Generator(names.model(), new Sampler(0.9), TOKENIZER.vocabSize(), beyond);
            String all = "";
            for (long seed = 0; seed < 10; seed++) {
                int[] ids = generator.generate(seen, 20, TOKENIZER.bos(), new PythonRandom(seed));
                String expected = TOKENIZER.decode(ids);
                assertEquals(expected, names.generate(prompt, config.withMaxNewTokens(20), seed));
                String first = expected.substring(0, Math.min(1, ids.length));
                assertEquals(
                        first, names.generate(prompt, config, seed), "without a limit one token, unless it is BOS");
                all += expected;
            }
            assertTrue(all.length() > 20, all);
        }
    }

    @Test
    void promptBeyondTheBlockIsReadByAModelThatContinues() {
        GptConfig endless = SHAPE.with(GptConfig.POSITIONS, Positions.ROPE).with(GptConfig.WINDOW, 4);
        TrainedModel model = model(endless, DataFormat.DOCUMENTS);
        String all = "";
        for (long seed = 0; seed < 8; seed++) {
            all += model.generate("abcdabcdab", SAMPLING, seed); // one token, unless it is BOS
        }
        assertTrue(all.length() > 4 && all.length() <= 8, all);
    }

    @Test
    void scoreIsTheLossOfTheWindows() {
        String documents = "abc\r\n  hgfedcbaabcd \n\n";
        Evaluation score = names.score(documents);
        DocumentWindows windows = new DocumentWindows(List.of("abc", "hgfedcbaabcd"), TOKENIZER, 1 << 20, 8, 8);
        assertEquals(new Evaluator(names.model(), windows).evaluate(0), score);
        assertEquals(4 + 13, score.tokens());
        assertEquals(15, score.bytes());
        assertEquals(10, text.score("abc\r\ndef\ngh\n").tokens());
    }

    @Test
    void textsWithNothingToScoreAreRefused() {
        assertRefused(
                "score: the text has 1 token, but must have at least 2: the first has no context to be predicted from;"
                        + " give a longer text",
                () -> text.score("a"));
        assertRefused(
                "score: the text has an unpaired surrogate, which is half a character; remove it, or cut texts between"
                        + " characters",
                () -> text.score("a\uD83D"));
        assertTrue(assertThrows(IllegalArgumentException.class, () -> text.score(""))
                .getMessage()
                .startsWith("score: data text: "));
        assertThrows(IllegalArgumentException.class, () -> names.score("\n \n"));
        assertThrows(IllegalArgumentException.class, () -> names.score("xyz"));
        assertThrows(IllegalArgumentException.class, () -> text.score("a\0b"));
    }

    @Test
    void eightThreadsGetTheBitsOfOne() throws Exception {
        String expected = text.generate("ab", SAMPLING, 7);
        Evaluation score = text.score(expected);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<List<Object>>> uses = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                uses.add(() -> List.of(text.generate("ab", SAMPLING, 7), text.score(expected)));
            }
            for (Future<List<Object>> use : threads.invokeAll(uses)) {
                assertEquals(List.of(expected, score), use.get());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    private static void assertRefused(String message, Executable misuse) {
        assertEquals(
                message, assertThrows(IllegalArgumentException.class, misuse).getMessage());
    }
}

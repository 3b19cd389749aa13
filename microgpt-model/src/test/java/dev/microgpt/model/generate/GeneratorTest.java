package dev.microgpt.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Tape;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.RandomModels;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GeneratorTest {
    @Test
    void theLastRowAloneHasTheBitsOfTheLastRowOfAll() {
        for (GptConfig shape : RandomModels.SHAPES) {
            Gpt gpt = RandomModels.gpt(shape, 3);
            int[] ids = new int[shape.blockSize()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = i % shape.vocabSize();
            }
            double[] all = gpt.forward(Tape.inference(), Batch.ofPrompt(ids)).toArray();
            double[] last =
                    gpt.decoder().last(Tape.inference(), Batch.ofPrompt(ids)).toArray();
            assertArrayEquals(Arrays.copyOfRange(all, all.length - last.length, all.length), last, shape.toString());
            assertEquals(shape.vocabSize(), last.length);
        }
    }

    @Test
    void theLastRowAloneKeepsNoGradientsAndIsOfOneSequence() {
        Gpt gpt = RandomModels.gpt(RandomModels.SHAPES.get(0), 3);
        assertThrows(IllegalStateException.class, () -> gpt.decoder().last(Tape.training(), Batch.ofPrompt(0)));
        Batch two = Batch.forTraining(List.of(new int[] {0, 1}, new int[] {0, 1}));
        assertThrows(IllegalArgumentException.class, () -> gpt.decoder().last(Tape.inference(), two));
    }

    @Test
    void tokensThatTheTokenizerLacksAreNeverChosen() {
        GptConfig shape = GptConfig.microgpt(50).withSizes(1, 1, 4, 8);
        Gpt gpt = RandomModels.gpt(shape, 3);
        int[] ids = new Generator(gpt, new Sampler(3), 5).generate(new int[] {0}, 200, -1, new PythonRandom(1));
        assertEquals(5, Arrays.stream(ids).distinct().count());
        assertEquals(4, Arrays.stream(ids).max().getAsInt());
        assertThrows(IllegalArgumentException.class, () -> new Generator(gpt, new Sampler(1), 51));
    }

    private static final GptConfig CONFIG = GptConfig.microgpt(7).withSizes(2, 2, 8, 6);
    private static final int NO_STOP = Generator.NO_STOP;

    private final Gpt gpt = RandomModels.gpt(CONFIG, 4);
    private final Generator greedy = new Generator(gpt, new Sampler(0));
    private final Generator random = new Generator(gpt, new Sampler(1));

    @Test
    void greedyTokensAreTheMostLikelyOnesOfTheWholeSequenceSoFar() {
        int[] sequence = {3, 1};
        int[] generated = greedy.generate(sequence, 4, NO_STOP, new PythonRandom(1));
        for (int token : generated) {
            double[] logits =
                    gpt.forward(Tape.inference(), Batch.ofPrompt(sequence)).toArray();
            int last = logits.length - 7;
            int best = IntStream.range(0, 7)
                    .reduce((a, b) -> logits[last + b] > logits[last + a] ? b : a)
                    .orElseThrow();
            assertEquals(best, token);
            sequence = Arrays.copyOf(sequence, sequence.length + 1);
            sequence[sequence.length - 1] = token;
        }
        assertEquals(4, generated.length);
    }

    @Test
    void thereIsRoomForTheTokenAfterTheLastPosition() {
        // as in microgpt: one token is continued by as many tokens as there are positions
        for (int promptLength = 1; promptLength <= 6; promptLength++) {
            assertEquals(6 - promptLength + 1, random.room(promptLength));
        }
        assertEquals(1, random.room(7));
        assertEquals(1, random.room(Integer.MAX_VALUE));
    }

    /** nanoGPT's loop: a forward pass over the last tokens that fit, for every token; or over all, with a window. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 7, 13})
    void beyondTheBlockTheModelSeesTheLastTokens(int promptLength) {
        Random prompts = new Random(promptLength);
        for (GptConfig config : RandomModels.SHAPES) {
            Gpt model = RandomModels.gpt(config, 5);
            int[] prompt = RandomModels.tokens(config, promptLength, prompts);
            int wanted = config.blockSize() + 20;
            int[] generated =
                    new Generator(model, new Sampler(1)).generate(prompt, wanted, NO_STOP, new PythonRandom(3));
            assertEquals(wanted, generated.length);
            boolean endless = model.decoder().isEndless();
            Gpt seesAll = endless ? RandomModels.withBlockSize(model, promptLength + wanted) : model;
            assertArrayEquals(withoutCache(seesAll, prompt, wanted, new PythonRandom(3)), generated, config.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 6, 7, 13})
    void orTheLastHalfOfTheBlockWhichFillsAgain(int promptLength) {
        Random prompts = new Random(promptLength);
        for (GptConfig config : RandomModels.SHAPES) {
            Gpt model = RandomModels.gpt(config, 5);
            int[] prompt = RandomModels.tokens(config, promptLength, prompts);
            int wanted = config.blockSize() + 20;
            boolean endless = model.decoder().isEndless();
            Gpt seesAll = endless ? RandomModels.withBlockSize(model, promptLength + wanted) : model;
            int kept = endless ? Integer.MAX_VALUE : Math.max(1, config.blockSize() / 2);
            assertArrayEquals(
                    withoutCache(seesAll, kept, prompt, wanted, new PythonRandom(3)),
                    new Generator(model, new Sampler(1), config.vocabSize(), BeyondBlock.HALF)
                            .generate(prompt, wanted, NO_STOP, new PythonRandom(3)),
                    config.toString());
        }
    }

    private static int[] withoutCache(Gpt model, int[] prompt, int wanted, PythonRandom draws) {
        return withoutCache(model, model.config().blockSize(), prompt, wanted, draws);
    }

    /** Keeps this many tokens when there are more than a block. */
    private static int[] withoutCache(Gpt model, int kept, int[] prompt, int wanted, PythonRandom draws) {
        int vocabulary = model.config().vocabSize();
        int blockSize = model.config().blockSize();
        Sampler sampler = new Sampler(1);
        int[] all = prompt;
        int from = Math.max(0, all.length - blockSize);
        for (int i = 0; i < wanted; i++) {
            from = all.length - from > blockSize ? all.length - kept : from;
            int[] seen = Arrays.copyOfRange(all, from, all.length);
            double[] logits =
                    model.forward(Tape.inference(), Batch.ofPrompt(seen)).toArray();
            all = Arrays.copyOf(all, all.length + 1);
            all[all.length - 1] = sampler.next(logits, logits.length - vocabulary, vocabulary, draws);
        }
        return Arrays.copyOfRange(all, prompt.length, all.length);
    }

    @Test
    void aWindowedModelReadsAPromptOfSeveralBlocks() {
        Gpt model = RandomModels.gpt(
                RandomModels.windowed().withVocabSize(23).withSizes(3, 6, 20, 8),
                5); // sees 7 tokens, more than the last 3
        assertTrue(model.decoder().isEndless());
        int[] prompt = RandomModels.tokens(model.config(), 8 * 3, new Random(1));
        int[] expected = withoutCache(RandomModels.withBlockSize(model, 200), prompt, 150, new PythonRandom(3));
        Generator generator = new Generator(model, new Sampler(1));
        assertArrayEquals(expected, generator.generate(prompt, 150, NO_STOP, new PythonRandom(3)));
        assertArrayEquals(expected, generator.generate(prompt, 150, NO_STOP, new PythonRandom(3)), "again");
    }

    @Test
    void ofALongPromptOnlyTheLastTokensCount() {
        int[] end = {1, 5, 0, 2, 4, 3};
        int[] longer = {6, 6, 1, 5, 0, 2, 4, 3};
        assertArrayEquals(
                random.generate(end, 9, NO_STOP, new PythonRandom(1)),
                random.generate(longer, 9, NO_STOP, new PythonRandom(1)));
    }

    @Test
    void eachTokenIsHandedOutBeforeTheNextIsDrawn() {
        PythonRandom draws = new PythonRandom(8);
        PythonRandom same = new PythonRandom(8);
        List<Integer> tokens = new ArrayList<>();
        random.generate(new int[] {0}, 10, NO_STOP, draws, token -> {
            tokens.add(token);
            same.random();
            assertEquals(same.state(), draws.state(), "after token " + tokens.size());
            return true;
        });
        int[] expected = random.generate(new int[] {0}, 10, NO_STOP, new PythonRandom(8));
        assertArrayEquals(expected, tokens.stream().mapToInt(i -> i).toArray());
    }

    @Test
    void aListenerThatWantsNoMoreEndsTheSequence() {
        int[] all = random.generate(new int[] {0}, 12, NO_STOP, new PythonRandom(2));
        for (int wanted = 1; wanted <= 12; wanted++) {
            int last = wanted;
            PythonRandom draws = new PythonRandom(2);
            List<Integer> tokens = new ArrayList<>();
            random.generate(new int[] {0}, 12, NO_STOP, draws, token -> {
                tokens.add(token);
                return tokens.size() < last;
            });
            assertArrayEquals(
                    Arrays.copyOf(all, wanted), tokens.stream().mapToInt(i -> i).toArray());
            PythonRandom same = new PythonRandom(2);
            for (int i = 0; i < wanted; i++) {
                same.random();
            }
            assertEquals(same.state(), draws.state());
        }
    }

    @Test
    void noMoreTokensAreMadeThanWanted() {
        for (int wanted = 1; wanted <= 20; wanted++) {
            assertEquals(wanted, random.generate(new int[] {0}, wanted, NO_STOP, new PythonRandom(1)).length);
        }
    }

    @Test
    void aTokenThatIsNotWantedIsNotDrawn() {
        PythonRandom drawn = new PythonRandom(8);
        PythonRandom same = new PythonRandom(8);
        random.generate(new int[] {0}, 4, NO_STOP, drawn);
        for (int i = 0; i < 4; i++) {
            same.random();
        }
        assertEquals(same.state(), drawn.state());
    }

    @Test
    void theStopTokenEndsTheSequenceAndIsNotPartOfIt() {
        boolean stoppedEarly = false;
        for (int seed = 0; seed < 50; seed++) {
            int[] all = random.generate(new int[] {0}, 6, NO_STOP, new PythonRandom(seed));
            int stop = all[seed % 6];
            int first = IntStream.range(0, 6)
                    .filter(i -> all[i] == stop)
                    .findFirst()
                    .orElseThrow();
            int[] stopped = random.generate(new int[] {0}, 6, stop, new PythonRandom(seed));
            assertArrayEquals(Arrays.copyOf(all, first), stopped);
            stoppedEarly |= first > 0;
        }
        assertTrue(stoppedEarly);
    }

    @Test
    void aGeneratorKeepsNothingOfTheSequenceBefore() {
        for (int seed = 0; seed < 20; seed++) {
            int[] prompt = {seed % 7, 2};
            int[] again = random.generate(prompt, 5, NO_STOP, new PythonRandom(seed));
            int[] fresh = new Generator(gpt, new Sampler(1)).generate(prompt, 5, NO_STOP, new PythonRandom(seed));
            assertArrayEquals(fresh, again);
        }
    }

    @Test
    void thePromptIsNotChanged() {
        int[] prompt = {1, 2, 3};
        random.generate(prompt, 3, NO_STOP, new PythonRandom(1));
        assertArrayEquals(new int[] {1, 2, 3}, prompt);
    }

    @Test
    void gradientsAreNotTouched() {
        random.generate(new int[] {1}, 3, NO_STOP, new PythonRandom(1));
        assertFalse(gpt.parameters().all().stream()
                .anyMatch(parameter -> Arrays.stream(parameter.grad()).anyMatch(g -> g != 0)));
    }

    @Test
    void anUnknownTokenIsRefusedAndTheGeneratorRemainsUsable() {
        assertMessage(
                "generate: prompt[1] is 7, but must be from 0 to 6, the tokens of the model", new int[] {0, 7}, 1);
        assertEquals(9, random.generate(new int[5], 9, NO_STOP, new PythonRandom(1)).length);
    }

    @Test
    void fewerThanOneTokenIsRefused() {
        assertMessage("maxNewTokens is 0, but must be at least 1", new int[] {0}, 0);
        assertMessage("maxNewTokens is -1, but must be at least 1", new int[] {0}, -1);
    }

    @Test
    void anEmptyPromptIsRefused() {
        assertThrows(
                IllegalArgumentException.class, () -> random.generate(new int[0], 1, NO_STOP, new PythonRandom(1)));
    }

    private void assertMessage(String message, int[] prompt, int maxNewTokens) {
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class,
                () -> random.generate(prompt, maxNewTokens, NO_STOP, new PythonRandom(1)));
        assertEquals(message, e.getMessage());
    }
}

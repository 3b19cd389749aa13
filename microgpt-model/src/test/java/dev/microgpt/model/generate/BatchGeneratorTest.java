package dev.microgpt.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.RandomModels;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BatchGeneratorTest {
    private static final int SEQUENCES = 5;

    private static List<int[]> prompts(GptConfig config) {
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < SEQUENCES; i++) {
            int[] prompt = new int[1 + (7 * i) % (config.blockSize() + 3)];
            for (int j = 0; j < prompt.length; j++) {
                prompt[j] = (i + j * j) % config.vocabSize();
            }
            prompts.add(prompt);
        }
        return prompts;
    }

    private static List<PythonRandom> randoms() {
        List<PythonRandom> randoms = new ArrayList<>();
        for (int i = 0; i < SEQUENCES; i++) {
            randoms.add(new PythonRandom(i));
        }
        return randoms;
    }

    /** Some end with the stop token, some beyond the block, where each model goes on in its own way. */
    @ParameterizedTest
    @EnumSource
    void eachSequenceIsTheOneThatAGeneratorGivesAlone(BeyondBlock beyond) {
        int stopped = 0;
        for (int s = beyond.ordinal(); s < RandomModels.SHAPES.size(); s += 3) {
            GptConfig config = RandomModels.SHAPES.get(s);
            Gpt gpt = RandomModels.gpt(config, 2);
            for (LanguageModel model : List.of(gpt, gpt.forInference())) {
                int vocabulary = config.vocabSize();
                BatchGenerator all = new BatchGenerator(model, new Sampler(1), vocabulary, beyond);
                Generator alone = new Generator(gpt, new Sampler(1), vocabulary, beyond);
                int length = config.blockSize() + 3;
                for (int round = 0; round < 2; round++) { // which uses the memories again
                    List<int[]> found = all.generate(prompts(config), length, 0, randoms());
                    for (int i = 0; i < SEQUENCES; i++) {
                        int[] expected = alone.generate(prompts(config).get(i), length, 0, new PythonRandom(i));
                        assertArrayEquals(expected, found.get(i), config + " " + i);
                        stopped += expected.length < length ? 1 : 0;
                    }
                }
            }
        }
        assertTrue(stopped > 10, "only " + stopped);
    }

    @Test
    void refusesWhatDoesNotFitBeforeItGenerates() {
        GptConfig config = GptConfig.microgpt(7).withSizes(1, 1, 4, 4);
        Gpt gpt = RandomModels.gpt(config, 1);
        BatchGenerator generator = new BatchGenerator(gpt, new Sampler(1));
        PythonRandom random = new PythonRandom(1);
        int[] prompt = {1};
        refused("there are 1 prompts and 2 sources", generator, List.of(prompt), List.of(random, new PythonRandom(2)));
        refused("have the same source", generator, List.of(prompt, prompt), List.of(random, random));
        refused("prompt 0 has no tokens", generator, List.of(new int[0]), List.of(random));
        refused("prompt[0] is 7", generator, List.of(new int[] {7}), List.of(random));
        assertThrows(IllegalArgumentException.class, () -> generator.generate(List.of(), 0, 0, List.of()));
        assertThrows(
                IllegalArgumentException.class, () -> new BatchGenerator(gpt, new Sampler(1), 8, BeyondBlock.HALF));
        assertEquals(new PythonRandom(1).random(), random.random(), "nothing was drawn");
        assertEquals(List.of(), generator.generate(List.of(), 1, 0, List.of()));
    }

    private static void refused(
            String expected, BatchGenerator generator, List<int[]> prompts, List<PythonRandom> randoms) {
        String message = assertThrows(IllegalArgumentException.class, () -> generator.generate(prompts, 3, 0, randoms))
                .getMessage();
        assertTrue(message.contains(expected), message);
    }
}

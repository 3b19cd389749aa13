package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.generate.SamplingConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.tokenizer.BpeTokenizer;
import dev.microgpt.model.tokenizer.BpeTrainer;
import dev.microgpt.model.tokenizer.ByteTokenizer;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.model.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Several threads may generate with one model, even with one sampler, each with a generator and random numbers of its
 * own; and they may share tokenizers.
 */
class ThreadsTest {
    private static final int THREADS = 3;
    private static final int SAMPLES = 40;

    static List<GptConfig> shapes() {
        return RandomModels.SHAPES;
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void threadsThatGenerateTogetherGetWhatEachGetsAlone(GptConfig shape) throws Exception {
        Gpt gpt = RandomModels.gpt(shape, 3);
        Sampler shared = new Sampler(new SamplingConfig(0.9, 7, 0.95));
        assertTogetherAsAlone(seed -> samples(gpt, shared, seed));
    }

    @Test
    void threadsThatShareATokenizerGetWhatEachGetsAlone() throws Exception {
        BpeTrainer trainer = new BpeTrainer();
        trainer.add("the cat and the dog sat on the mat, and then the cats ate the hats ".repeat(3));
        List<Tokenizer> tokenizers = List.of(
                new BpeTokenizer(trainer.train(280)),
                CharTokenizer.ofAlphabet(" ,abcdefghijklmnopqrstuvwxyz"),
                new ByteTokenizer());
        for (Tokenizer tokenizer : tokenizers) {
            assertTogetherAsAlone(seed -> {
                StringBuilder all = new StringBuilder();
                for (int i = 0; i < SAMPLES; i++) {
                    int[] ids = tokenizer.encode("the cats and dogs then sat".substring((seed + i) % 20));
                    all.append(Arrays.toString(ids))
                            .append(tokenizer.decode(ids))
                            .append('\n');
                }
                return all.toString();
            });
        }
    }

    @Test
    void generatorIsUsedByOneThreadAtATime() throws Exception {
        Gpt gpt = RandomModels.gpt(GptConfig.microgpt(27), 3);
        Generator generator = new Generator(gpt, new Sampler(1.0));
        PythonRandom random = new PythonRandom(1);
        int[] prompt = {0};
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            int[] alone = generator.generate(prompt, 5, Generator.NO_STOP, new PythonRandom(1));
            List<Integer> tokens = new ArrayList<>();
            generator.generate(prompt, 5, Generator.NO_STOP, random, token -> {
                Future<?> other =
                        executor.submit(() -> generator.generate(prompt, 5, Generator.NO_STOP, new PythonRandom(2)));
                assertRefused(assertThrows(ExecutionException.class, other::get).getCause());
                assertRefused(assertThrows(
                        IllegalStateException.class,
                        () -> generator.generate(prompt, 5, Generator.NO_STOP, new PythonRandom(2))));
                return tokens.add(token);
            });
            assertEquals(Arrays.toString(alone), tokens.toString());
            executor.submit(() -> generator.generate(prompt, 5, Generator.NO_STOP, random))
                    .get();
        } finally {
            executor.shutdownNow();
        }
    }

    private static void assertRefused(Throwable refused) {
        assertInstanceOf(IllegalStateException.class, refused);
        assertTrue(
                refused.getMessage()
                        .endsWith("\" uses a generator that is already generating, for another thread or for the"
                                + " calling listener; create one for each, with the same model"),
                refused.getMessage());
    }

    private static void assertTogetherAsAlone(IntFunction<String> work) throws Exception {
        List<String> alone = new ArrayList<>();
        for (int seed = 0; seed < THREADS; seed++) {
            alone.add(work.apply(seed));
        }
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Callable<String>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int seed = thread;
            tasks.add(() -> {
                start.await();
                return work.apply(seed);
            });
        }
        List<String> together = new ArrayList<>();
        ExecutorService executor = Executors.newFixedThreadPool(THREADS);
        try {
            for (Future<String> samples : executor.invokeAll(tasks)) {
                together.add(samples.get());
            }
        } finally {
            executor.shutdownNow();
        }
        assertEquals(alone, together);
    }

    private static String samples(Gpt gpt, Sampler sampler, int seed) {
        Generator generator = new Generator(gpt, sampler);
        PythonRandom random = new PythonRandom(seed);
        int beyondTheBlock = gpt.config().blockSize() + 3;
        StringBuilder samples = new StringBuilder();
        for (int i = 0; i < SAMPLES; i++) {
            int[] prompt = {i % gpt.config().vocabSize()};
            int[] ids = generator.generate(prompt, beyondTheBlock, Generator.NO_STOP, random);
            samples.append(Arrays.toString(ids)).append('\n');
        }
        return samples.toString();
    }
}

package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Several threads may generate with one model, each with its own tape, cache and random numbers. */
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
        List<String> alone = new ArrayList<>();
        for (int seed = 0; seed < THREADS; seed++) {
            alone.add(samples(gpt, seed));
        }
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Callable<String>> tasks = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            int seed = thread;
            tasks.add(() -> {
                start.await();
                return samples(gpt, seed);
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

    private static String samples(Gpt gpt, int seed) {
        Generator generator = new Generator(gpt, new Sampler(1.0));
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

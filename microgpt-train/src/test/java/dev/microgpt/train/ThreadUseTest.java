package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.Batcher;
import dev.microgpt.train.data.DocumentSet;
import dev.microgpt.train.data.ValidationSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What docs/extending.md says of threads: who may share what, and what is refused. */
class ThreadUseTest {
    private static final Path PROJECT = Path.of("..");
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "isabella", "sophia", "mia");
    private static final GptConfig SHAPE = GptConfig.microgpt(2).withSizes(1, 2, 8, 12);
    private static final TrainingConfig TRAINING = new TrainingConfig(100, 2, 0.01, 0.85, 0.99, 1e-8, 42);

    private final MicrogptRun run = new MicrogptRun(NAMES, SHAPE, TRAINING);
    private final Batcher batches = new Batcher(NAMES, run.tokenizer, 2, SHAPE.blockSize());
    private final ValidationSet set = new DocumentSet(NAMES, run.tokenizer, 1, SHAPE.blockSize());
    private final ExecutorService others = Executors.newFixedThreadPool(3);

    @AfterEach
    void endTheOtherThreads() {
        others.shutdownNow();
    }

    // ---- one writer ----

    @Test
    void twoTrainersMayTrainOneModelInTurnsButNotAtATime() throws Exception {
        Trainer second = new Trainer(run.gpt, batches, run.adam, TRAINING);
        BatchSource during = (step, part, parts) -> {
            assertRefused("train: ", "only one thread at a time may train a model", () -> second.run(1));
            assertRefused("train: ", "may train a model", () -> second.addGradients(batches.batch(0), 1));
            assertRefused("train: ", "may train a model", () -> second.update(0.01));
            assertRefused("train: ", "may train a model", () -> run.adam.step(0.01));
            return batches.batch(step, part, parts);
        };
        new Trainer(run.gpt, during, run.adam, TRAINING).run(1);
        MicrogptRun straight = new MicrogptRun(NAMES, SHAPE, TRAINING);
        new Trainer(straight.gpt, batches, straight.adam, TRAINING).run(1);
        assertEquals(weights(straight), weights(run), "a refused trainer changed the model");

        second.resumeAt(1);
        others.submit(() -> second.run(2)).get();
        assertEquals(2, second.step());
    }

    private static List<Double> weights(MicrogptRun run) {
        List<Double> weights = new ArrayList<>();
        run.parameters().values().forEach(values -> {
            for (double value : values) {
                weights.add(value);
            }
        });
        return weights;
    }

    // ---- … or many readers ----

    @Test
    void modelIsNotEvaluatedOrUsedDuringAStepOfAnotherThread() {
        Evaluator evaluator = new Evaluator(run.gpt, set);
        Generator generator = generator();
        BatchSource during = (step, part, parts) -> {
            assertRefused("evaluator: ", "after training has ended", () -> evaluator.evaluate(0));
            assertRefused("evaluator: ", "after training has ended", () -> evaluator.evaluate(0, 2, 1));
            assertRefused("generate: ", "after training has ended", () -> generate(generator));
            return batches.batch(step, part, parts);
        };
        Trainer trainer = new Trainer(run.gpt, during, run.adam, TRAINING);
        trainer.addListener(step -> {
            evaluator.evaluate(step.number());
            generate(generator);
        });
        trainer.run(2);
    }

    @Test
    void updateDuringAnEvaluationOrAGenerationIsNoticed() {
        Evaluator evaluator =
                new Evaluator(run.gpt, with(index -> allowed(() -> run.trainer.run(run.trainer.step() + 1))));
        IllegalStateException evaluated = assertThrows(IllegalStateException.class, () -> evaluator.evaluate(0));
        assertTrue(evaluated.getMessage().contains("in the meantime"), evaluated.getMessage());
        assertThrows(IllegalStateException.class, () -> evaluator.evaluate(0, set.batches() - 1, 1));
        IllegalStateException generated = assertThrows(
                IllegalStateException.class,
                () -> generator().generate(new int[] {0}, 5, Generator.NO_STOP, new PythonRandom(1), token -> {
                    allowed(() -> run.trainer.run(run.trainer.step() + 1));
                    return true;
                }));
        assertTrue(generated.getMessage().contains("in the meantime"), generated.getMessage());
    }

    @Test
    void threadsEvaluateOneModelTogetherAsEachAlone() throws Exception {
        double alone = new Evaluator(run.gpt, set).evaluate(0).loss();
        List<Callable<Double>> evaluations = Collections.nCopies(
                3, () -> new Evaluator(run.gpt, set).evaluate(0).loss());
        for (Future<Double> together : others.invokeAll(evaluations)) {
            assertEquals(alone, together.get());
        }
    }

    // ---- one thread at a time ----

    @Test
    void evaluatorIsNotUsedByTwoThreadsAtATime() {
        Evaluator[] evaluator = new Evaluator[1];
        evaluator[0] = new Evaluator(run.gpt, with(index -> {
            assertRefused("evaluator: ", "create one for each, with the same model", () -> evaluator[0].evaluate(0));
            assertRefused("evaluator: ", "with the same model", () -> evaluator[0].evaluate(0, 1, 1));
        }));
        double loss = evaluator[0].evaluate(0).loss();
        assertEquals(new Evaluator(run.gpt, set).evaluate(0).loss(), loss);
    }

    private ValidationSet with(IntConsumer hook) {
        return new ValidationSet() {
            @Override
            public long tokens() {
                return set.tokens();
            }

            @Override
            public long bytes() {
                return set.bytes();
            }

            @Override
            public int batches() {
                return set.batches();
            }

            @Override
            public Batch batch(int index) {
                hook.accept(index);
                return set.batch(index);
            }
        };
    }

    private Generator generator() {
        return new Generator(run.gpt, new Sampler(1.0));
    }

    private static void generate(Generator generator) {
        generator.generate(new int[] {0}, 5, Generator.NO_STOP, new PythonRandom(1));
    }

    private void assertRefused(String beginning, String part, Executable misuse) {
        Throwable cause =
                assertThrows(ExecutionException.class, () -> elsewhere(misuse)).getCause();
        assertInstanceOf(IllegalStateException.class, cause);
        assertTrue(cause.getMessage().startsWith(beginning), cause.getMessage());
        assertTrue(cause.getMessage().contains(part), cause.getMessage());
    }

    private void allowed(Executable use) {
        try {
            elsewhere(use);
        } catch (InterruptedException | ExecutionException failure) {
            throw new AssertionError(failure);
        }
    }

    private void elsewhere(Executable use) throws InterruptedException, ExecutionException {
        others.submit(() -> {
                    try {
                        use.execute();
                    } catch (RuntimeException | Error failure) {
                        throw failure;
                    } catch (Throwable failure) {
                        throw new AssertionError(failure);
                    }
                })
                .get();
    }

    // ---- the table ----

    /** A public type that nobody thought about would be missing. */
    @Test
    void everyPublicTypeIsInOneRowOfTheTable() throws IOException {
        String text = Files.readString(PROJECT.resolve("docs/extending.md"));
        String section = text.substring(text.indexOf("\n## Threads\n"));
        section = section.substring(1, section.indexOf("\n## ", 1));
        List<String> inTable = new ArrayList<>();
        for (String line : section.split("\n")) {
            String types = line.startsWith("| ") ? line.substring(line.indexOf(" | ", 2)) : "";
            Matcher type = Pattern.compile("`(\\w+)`").matcher(types);
            while (type.find()) {
                inTable.add(type.group(1));
            }
        }
        Collections.sort(inTable);
        assertEquals(publicTypes(), inTable);
    }

    private static List<String> publicTypes() throws IOException {
        List<String> types = new ArrayList<>();
        for (String module : List.of("microgpt-autograd", "microgpt-model", "microgpt-train")) {
            Path sources = PROJECT.resolve(module).resolve("src/main/java");
            Matcher exported = Pattern.compile("(?m)^ *exports ([\\w.]+);")
                    .matcher(Files.readString(sources.resolve("module-info.java")));
            while (exported.find()) {
                addPublicTypes(types, sources.resolve(exported.group(1).replace('.', '/')));
            }
        }
        Collections.sort(types);
        return types;
    }

    private static void addPublicTypes(List<String> types, Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                if (Pattern.compile("(?m)^public .*\\b(class|interface|record|enum) " + name + "\\b")
                        .matcher(Files.isRegularFile(file) ? Files.readString(file) : "")
                        .find()) {
                    types.add(name);
                }
            }
        }
    }
}

package dev.microgpt.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.data.DocumentData;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.AdamConfig;
import dev.microgpt.train.OptimizerType;
import dev.microgpt.train.Schedule;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The memory estimated before training is what training takes. */
class MemoryNeedTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");

    /** Of what is measured. */
    private static final double TOLERANCE = 0.15;

    private static final double MEGABYTE = 1 << 20;
    private static final long SECONDS = 300;

    @TempDir
    Path folder;

    /** In the one collector that gives arrays no more than they need, so that nothing else is measured. */
    @Test
    void theEstimateIsWhatIsAliveWhenTheTapesAreLargest(TestReporter reporter) throws Exception {
        List<String> names = NIGHTLY
                ? Arrays.stream(MemoryShape.values()).map(Enum::name).toList()
                : List.of("MICROGPT_IN_BATCHES", "NANO_WITH_DROPOUT", "LLAMA", "NANOCHAT", "OWN_MLP", "OWN_ATTENTION");
        List<String> flags = new ArrayList<>(List.of("-XX:+UseSerialGC", "-Xmx2g"));
        Path told = folder.resolve("told");
        assertEquals(0, run(flags, names, told), () -> text(told));
        double most = 0;
        double least = 0;
        int shapes = 0;
        for (String line : Files.readAllLines(told)) {
            String[] words = line.split(" ");
            if (words[0].equals("shape")) {
                double measured = Double.parseDouble(words[2]);
                MemoryShape shape = MemoryShape.valueOf(words[1]);
                double off = shape.estimate() / measured - 1;
                reporter.publishEntry(words[1], percent(off));
                // a few hundred kilobytes of classes do not count
                assertTrue(off >= -TOLERANCE || measured < MEGABYTE, line);
                assertTrue(off <= TOLERANCE || measured < MEGABYTE || shape.isOwn(), line);
                most = shape.isOwn() ? most : Math.max(most, off);
                least = Math.min(least, off);
                shapes++;
            }
        }
        assertEquals(names.size(), shapes, () -> text(told));
        String figure = shapes + " shapes of trainings, live bytes estimated with an error of " + percent(least)
                + " to " + percent(most);
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    /** With G1, where large arrays take whole regions: no more than 15 % above it is enough, 15 % below is not. */
    @Test
    @Tag("slow")
    void aHeapOfTheEstimatedSizeIsAboutTheSmallest(TestReporter reporter) throws Exception {
        List<MemoryShape> shapes = List.of(
                MemoryShape.NANO, MemoryShape.GPT2_VARIANT, MemoryShape.WIDE, MemoryShape.DEEP, MemoryShape.LONG);
        for (MemoryShape shape : shapes) {
            double bytes = shape.bytes(MEGABYTE); // the regions of a heap below 1 GB
            assertEquals(0, runIn(bytes * (1 + TOLERANCE), shape), () -> shape + text(folder.resolve("told")));
            int exit = runIn(bytes * (1 - TOLERANCE), shape);
            assertTrue(exit != 0 && text(folder.resolve("told")).contains("OutOfMemoryError"), shape + " took less");
        }
        String figure = shapes.size() + " shapes of trainings run in a heap 15 % above the estimate and not in one 15 %"
                + " below";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    @ParameterizedTest
    @ValueSource(ints = {1 << 15, 1 << 16, 1 << 20, Integer.MAX_VALUE - 8, Integer.MAX_VALUE})
    void noSizeOverflows(int size) {
        int[][] shapes = {
            {size, 1, 1, 1},
            {1, size, 1, 1},
            {1, 1, size, 1},
            {1, 1, 1, size},
            {size, size, size, size},
            {1, 1, size, size}
        };
        for (int[] shape : shapes) {
            GptConfig config = GptConfig.microgpt(65).withSizes(shape[0], 1, shape[1], shape[2]);
            if (Double.isInfinite(config.parameterCount())) {
                continue; // refused for the size of its largest parameter
            }
            double tokens = (double) shape[2] * shape[3];
            double exact = 4.0 * config.parameterCount()
                    + tokens * (22.0 * shape[0] * shape[1] + 130); // some of what a token leaves
            MemoryNeed need = MemoryNeed.of(config, MemoryNeed.ADAM, tokens, true, 0, MEGABYTE);
            assertTrue(need.bytes() >= Double.BYTES * exact, Arrays.toString(shape) + ": " + need);
            assertTrue(Double.isFinite(need.bytes()), Arrays.toString(shape));
        }
    }

    @Test
    void refusesWithNumbersBeforeAnythingIsAllocated() {
        int batchSize = 1 << 26; // times 64 is 0 as an int
        TrainingConfig training = new TrainingConfig(
                1,
                batchSize,
                1,
                new Schedule(Schedule.Kind.CONSTANT, 1e-3, 0, 0),
                new AdamConfig(0.9, 0.99, 1e-8, 0),
                0,
                1);
        DocumentData names = documents("anna", "emma");
        CliException e = assertThrows(
                CliException.class,
                () -> MemoryNeed.check(
                        GptConfig.microgpt(64).withSizes(48, 2, 256, 64),
                        OptimizerType.named("adam"),
                        training,
                        names,
                        1));
        assertEquals(ExitCode.MEMORY, e.exitCode());
        assertTrue(
                String.valueOf(e.getMessage())
                        .matches("the model or the batch does not fit in memory: the training run takes at least"
                                + " [0-9]+ MB \\([0-9]+ for weights, gradients and moments, [0-9]+ for steps of "
                                + 5 * batchSize + " tokens\\), the heap is limited to [0-9]+ MB"),
                e.getMessage());
    }

    @Test
    void severalRunsShareTheHeap() {
        DocumentData names = documents("anna", "emma");
        OptimizerType adam = OptimizerType.named("adam");
        MemoryNeed.check(GptConfig.microgpt(64), adam, TrainingConfig.microgpt(), names, 1);
        CliException e = assertThrows(
                CliException.class,
                () -> MemoryNeed.check(GptConfig.microgpt(64), adam, TrainingConfig.microgpt(), names, 1_000_000));
        assertTrue(
                String.valueOf(e.getMessage())
                        .endsWith(", the heap is limited to 0 MB for each of 1000000 runs at a time"),
                e.getMessage());
    }

    @Test
    void theLargestBatchIsTheLargestThatComes() throws Exception {
        long seed = Long.getLong("microgpt.test.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            String[] texts = new String[1 + random.nextInt(9)];
            Arrays.setAll(texts, i -> "x".repeat(1 + random.nextInt(12)));
            int batchSize = 1 + random.nextInt(20);
            DocumentData data = documents(texts);
            BatchSource batches = data.batches(8, batchSize, 1);
            int most = 0;
            for (int step = 0; step < 100; step++) {
                most = Math.max(most, batches.batch(step, 0, 1).targets().length);
            }
            double told = data.mostTokens(batchSize, 8);
            String shape = Arrays.toString(texts) + " in batches of " + batchSize + ", -Dmicrogpt.test.seed=" + seed;
            assertTrue(told >= most, shape);
            assertTrue(told == most || texts.length > 1 && batchSize > 1, shape); // some may never come
        }
    }

    private static DocumentData documents(String... texts) {
        try {
            byte[] content = String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
            return new DocumentData(Documents.of(content, "test"), 0, new PythonRandom(1), null);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private int runIn(double bytes, MemoryShape shape) throws Exception {
        List<String> flags = new ArrayList<>(List.of("-XX:+UseG1GC", "-Xmx" + Math.round(bytes / MEGABYTE) + "m"));
        return run(flags, List.of(shape.name()), folder.resolve("told"));
    }

    private static int run(List<String> flags, List<String> names, Path told) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(flags);
        // the same number of threads as here, by which the estimate counts
        command.addAll(List.of(
                "--add-modules",
                "jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                MemoryShape.class.getName()));
        command.addAll(names);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        try {
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "it hangs");
        } finally {
            process.destroyForcibly();
        }
        return process.exitValue();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%+.1f %%", 100 * share);
    }
}

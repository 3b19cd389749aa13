package dev.microgpt.train.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/**
 * No file crashes a reader, hangs it, exhausts memory or is silently misread. All inputs derive from a seed that
 * failures print: {@code -Dmicrogpt.test.seed=SEED} repeats them.
 */
class FuzzTest {
    private static final boolean NIGHTLY = Boolean.getBoolean("microgpt.test.nightly");
    private static final long SEED =
            Long.getLong("microgpt.test.seed", NIGHTLY ? new Random().nextInt(1_000_000) : 20_260_722);

    /** Inputs per target; fewer would miss some of the faults planted for this test. */
    private static final int ROUND = 300;

    private static final long ENOUGH = NIGHTLY ? 1_000_000 : 1;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(5);

    @TempDir
    private Path folder;

    @Test
    void everySpoiltFileIsRefusedByItsReaderOrReadAsWhatItIs(TestReporter reporter) throws Exception {
        List<Fuzzer> fuzzers = new ArrayList<>();
        Path seeds = Files.createDirectory(folder.resolve("seeds"));
        List<Target> targets = new ArrayList<>(new ModelTargets(seeds).all());
        targets.addAll(new TextTargets(seeds).all());
        for (Target target : targets) {
            Path own = Files.createDirectories(folder.resolve(target.name()));
            fuzzers.add(
                    new Fuzzer(target, SEED, own, Files.createDirectories(folder.resolve(target.name() + "-again"))));
        }
        long start = System.nanoTime();
        long tried = 0;
        for (long first = 0; tried < ENOUGH && System.nanoTime() - start < LONGEST_NANOS; first += ROUND) {
            for (Fuzzer fuzzer : fuzzers) {
                fuzzer.run(first, ROUND);
                tried += ROUND;
            }
        }
        publish(reporter, targets, fuzzers, tried);
    }

    private static void publish(TestReporter reporter, List<Target> targets, List<Fuzzer> fuzzers, long tried) {
        StringBuilder each = new StringBuilder();
        double worst = 0;
        String worstTarget = "";
        for (int i = 0; i < fuzzers.size(); i++) {
            Fuzzer fuzzer = fuzzers.get(i);
            String name = targets.get(i).name();
            assertTrue(fuzzer.accepted > 0 && fuzzer.accepted < fuzzer.tried, name + " does not tell good from bad");
            each.append(String.format(
                    Locale.ROOT, ", %s %d and %d", name, fuzzer.accepted, fuzzer.tried - fuzzer.accepted));
            worstTarget = fuzzer.worstRatio > worst ? name : worstTarget;
            worst = Math.max(worst, fuzzer.worstRatio);
        }
        String figure = String.format(
                Locale.ROOT,
                "%,d spoilt files of %d kinds tried, 0 crashed, hung or read wrong; worst case %s, %.0f %% of the"
                        + " allowed bytes allocated; accepted and refused: %s (seed %d)",
                tried,
                targets.size(),
                worstTarget,
                100 * worst,
                each.substring(2),
                SEED);
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }
}

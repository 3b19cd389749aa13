package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A training run that saves after every step is killed at random times, and still ends as if it never had been. */
class KillIT {
    private static final int KILLS =
            Integer.getInteger("microgpt.test.kills", Boolean.getBoolean("microgpt.test.nightly") ? 300 : 8);

    /** It goes on until a kill has come while a checkpoint was written: about one in six does, but 8 may all miss. */
    private static final int MOST_KILLS = 10 * KILLS;

    /** Whatever it is, the last bytes must be the same; to try another one. */
    private static final long SEED = Long.getLong("microgpt.test.seed", 20_261);

    // from one of the first steps that are shown; a step takes a few, nearly all for its checkpoint
    private static final int MILLIS = 20;
    private static final int STEPS = 3;

    // every so often it is killed while it begins
    private static final int EARLY = 8;
    private static final int EARLY_MILLIS = 300;

    @TempDir
    Path folder;

    @Test
    void killedAtAnyTimeItGoesOnFromItsLatestCheckpoint(TestReporter reporter) throws Exception {
        Trainings.needSignals();
        String options = Trainings.ENDLESS + " --checkpoint-interval 1 --metrics ";
        Random random = new Random(SEED);
        int halfWritten = 0;
        int saved = 0;
        int kills = 0;
        try (Trainings trainings = new Trainings(folder)) {
            trainings.archiveClasses(Trainings.to(3, options) + "any.jsonl --out any");
            for (; kills < KILLS || halfWritten == 0 && kills < MOST_KILLS; kills++) {
                String where = "kill " + kills + ", seed " + SEED + ": ";
                killOne(trainings, options + "metrics.jsonl", kills % EARLY == EARLY - 1, random, where);
                halfWritten += halfWritten();
                int step = latest(trainings);
                assertTrue(step >= saved, where + "step " + step + " after " + saved);
                saved = step;
            }
            assertTrue(
                    halfWritten > 0, "none of " + kills + " kills came while a checkpoint was written, seed " + SEED);
            trainings.run(Trainings.to(saved + 3, options) + "metrics.jsonl --resume");
            trainings.run(Trainings.to(saved + 3, Trainings.ENDLESS) + " --out straight --metrics straight.jsonl");
            assertArrayEquals(
                    trainings.bytes("straight/checkpoint.safetensors"), trainings.bytes("out/checkpoint.safetensors"));
            assertEquals(trainings.metrics("straight.jsonl"), trainings.metrics("metrics.jsonl"));
        }
        String figure = kills + " kills within " + saved + " steps, " + halfWritten
                + " of them left a checkpoint half written; at the end the same bytes as without";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private void killOne(Trainings trainings, String options, boolean early, Random random, String where)
            throws Exception {
        boolean any = !trainings.checkpoints().all().isEmpty();
        Process process = trainings.start(Trainings.HERE, options + (any ? " --resume" : ""));
        for (int steps = early ? 0 : 1 + random.nextInt(STEPS); steps > 0; steps--) {
            assertTrue(Trainings.awaitStep(process), where + trainings.err(process));
        }
        process.waitFor(random.nextInt(early ? EARLY_MILLIS : MILLIS), TimeUnit.MILLISECONDS);
        process.destroyForcibly();
        assertEquals(128 + 9, trainings.exitCodeOf(process), where + trainings.err(process));
        assertFalse(trainings.err(process).contains("warning"), where + trainings.err(process));
    }

    private int halfWritten() {
        String[] names = folder.resolve("out").toFile().list((out, name) -> name.contains(".safetensors.tmp-"));
        return names == null || names.length == 0 ? 0 : 1;
    }

    /** Returns the highest step; all that has the name of a checkpoint is one. */
    private static int latest(Trainings trainings) throws IOException {
        int latest = 0;
        for (Path file : trainings.checkpoints().all()) {
            latest = Math.max(latest, Checkpoint.load(file).step());
        }
        return latest;
    }
}

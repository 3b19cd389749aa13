package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.cli.folder.RunCheckpoints;
import dev.microgpt.train.checkpoint.Checkpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/** A reader of a checkpoint that is saved again and again sees the old one or the new one. */
class ReaderTest {
    private static final long SECONDS = Boolean.getBoolean("microgpt.test.nightly") ? 30 : 1;

    @TempDir
    Path folder;

    @Test
    void aReaderBesideAWriterNeverSeesHalfAFile(TestReporter reporter) throws Exception {
        Path text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        Run run = SmallTraining.run(text, folder, "--checkpoint-interval", "1", "--keep", "2");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        RunCheckpoints checkpoints = new RunCheckpoints(folder);
        List<Checkpoint> two = List.of(Checkpoint.load(checkpoints.after(5)), Checkpoint.load(checkpoints.after(6)));
        byte[] fifth = Files.readAllBytes(checkpoints.after(5));
        byte[] sixth = Files.readAllBytes(checkpoints.after(6));

        AtomicBoolean over = new AtomicBoolean();
        CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> write(checkpoints.last(), two, over));
        int reads = 0;
        int whole = 0;
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        try {
            while (System.nanoTime() < end) {
                byte[] bytes = Files.readAllBytes(checkpoints.last());
                whole += Arrays.equals(bytes, fifth) || Arrays.equals(bytes, sixth) ? 1 : 0;
                int step = Checkpoint.load(checkpoints.last()).step();
                whole += step == 5 || step == 6 ? 1 : 0;
                reads += 2;
            }
        } finally {
            over.set(true);
        }
        int saves = writer.get();
        assertEquals(reads, whole);
        assertTrue(saves > 1, "saved more than once while it was read");
        String figure = reads + " reads beside " + saves + " saves of the same file, " + (reads - whole) + " torn";
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    /** Returns how often it saved. */
    private static int write(Path file, List<Checkpoint> checkpoints, AtomicBoolean over) {
        int saves = 0;
        try {
            while (!over.get()) {
                checkpoints.get(saves % 2).save(file);
                saves++;
            }
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
        return saves;
    }
}

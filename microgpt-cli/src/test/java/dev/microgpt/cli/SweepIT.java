package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.sweep.RunEnd;
import dev.microgpt.train.sweep.Sweep;
import dev.microgpt.train.sweep.SweptRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep is killed and stopped, and ends as if it never had been. */
class SweepIT {
    private static final String SWEEP = "sweep s.txt --jobs 3 --out ";

    @TempDir
    Path folder;

    @Test
    void killedTwiceItRepeatsNothingAndMissesNothing() throws Exception {
        Trainings.needSignals();
        Files.writeString(folder.resolve("s.txt"), """
                data = text.txt
                n-embd = 4
                n-head = 1
                block-size = 8
                steps = 150
                val-fraction = 0.3
                eval-interval = 75
                checkpoint-interval = 100
                seed = 1, 2, 3, 4
                [slow]
                learning-rate = 0.001, 0.003, 0.01
                [wide]
                n-embd = 8
                learning-rate = 0.001, 0.003, 0.01
                """);
        List<SweptRun> runs = Sweep.read(folder.resolve("s.txt")).runs();
        assertEquals(24, runs.size());
        try (Trainings trainings = new Trainings(folder)) {
            String table = trainings.run(SWEEP + "straight");
            Process process = trainings.start(Trainings.HERE, SWEEP + "out");
            await(5, runs, process);
            process.destroyForcibly();
            assertEquals(128 + 9, trainings.exitCodeOf(process));
            Map<Path, FileTime> before = done(runs);
            process = trainings.start(Trainings.HERE, SWEEP + "out");
            await(12, runs, process);
            Trainings.send("TERM", process);
            assertEquals(128 + 15, trainings.exitCodeOf(process), trainings.err(process));
            String said = trainings.err(process);
            assertTrue(said.contains(" runs left; give the same command again to continue"), said);
            before.putAll(done(runs));
            assertTrue(before.size() >= 12 && before.size() < 24, before::toString);
            assertEquals(withoutSpeeds(table), withoutSpeeds(trainings.run(SWEEP + "out")));
            Map<Path, FileTime> after = done(runs);
            assertEquals(24, after.size());
            before.forEach((file, time) -> assertEquals(time, after.get(file), file + " was trained twice"));
            for (SweptRun run : runs) {
                String file = "/" + run.name() + "/checkpoint.safetensors";
                assertArrayEquals(trainings.bytes("straight" + file), trainings.bytes("out" + file), file);
            }
        }
    }

    /** Waits until some runs are done. */
    private void await(int count, List<SweptRun> runs, Process process) throws Exception {
        while (done(runs).size() < count) {
            assertTrue(process.isAlive(), "it ended before it could be killed");
            assertFalse(Thread.interrupted());
            Thread.sleep(5);
        }
    }

    /** The records of the runs that are done, and when they were written. */
    private Map<Path, FileTime> done(List<SweptRun> runs) throws IOException {
        Map<Path, FileTime> done = new HashMap<>();
        for (SweptRun run : runs) {
            if (run.endIn(folder.resolve("out")).state() == RunEnd.State.DONE) {
                Path file = folder.resolve("out").resolve(run.name()).resolve("run.json");
                done.put(file, Files.getLastModifiedTime(file));
            }
        }
        return done;
    }

    /** Two sweeps of the same have the same table, but for the last two columns. */
    private static String withoutSpeeds(String table) {
        return table.replaceAll("(?m) +\\S+ +\\S+$", "").replaceAll("  +", " ");
    }
}

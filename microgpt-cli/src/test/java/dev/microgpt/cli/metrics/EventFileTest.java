package dev.microgpt.cli.metrics;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import dev.microgpt.train.internal.disk.UnusableFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The event file of TensorBoard. That its reader takes it is the subject of TensorBoardIT, in src/interop. */
class EventFileTest {
    private static final double TIME = 1.7e9;
    private static final int STEPS = 5;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("metrics.tfevents");
    }

    private EventFile open(int step) throws IOException {
        return new EventFile(file, step, () -> TIME);
    }

    /** An evaluation follows each second step. */
    private static void run(TrainingListener events, int from, int to) {
        for (int step = from; step <= to; step++) {
            events.onStep(new TrainingStep(step, 1.0 / step, 1e-3, 0.1 * step, 7 * step, 500_000));
            if (step % 2 == 0) {
                evaluate(events, step);
            }
        }
    }

    private static void evaluate(TrainingListener events, int step) {
        events.onEvaluation(new Evaluation(step, 2.0 / step, 10, 9, true));
    }

    private byte[] straight() throws IOException {
        try (EventFile events = open(0)) {
            run(events, 1, STEPS);
        }
        return Files.readAllBytes(file);
    }

    /** Recorded, and read by TensorBoard 2.21.0, which found the scalars that the file of the bytes lists. */
    @Test
    void theBytesAreThoseThatTensorBoardHasRead() throws IOException {
        try (InputStream in = EventFileTest.class.getResourceAsStream("events.txt")) {
            String recorded = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^#.*$|\\s", "");
            assertEquals(recorded, HexFormat.of().formatHex(straight()));
        }
    }

    @Test
    void afterAnyStepItContinuesAsIfItHadNeverStopped() throws IOException {
        byte[] expected = straight();
        for (int step = 1; step <= STEPS; step++) {
            Files.write(file, expected);
            try (EventFile events = open(step)) {
                if (step % 2 == 0) {
                    evaluate(events, step);
                }
                run(events, step + 1, STEPS);
            }
            assertArrayEquals(expected, Files.readAllBytes(file), "after step " + step);
        }
    }

    @Test
    void stepsDoneWithoutItAreFilledInFromTheMetrics() throws IOException {
        byte[] expected = straight();
        Path jsonl = folder.resolve("metrics.jsonl");
        try (Metrics metrics = new Metrics(jsonl, 0)) {
            run(metrics, 1, STEPS);
        }
        for (int left = 0; left < STEPS; left++) {
            for (int step = left + 1; step <= STEPS; step++) {
                try (EventFile events = open(0)) {
                    run(events, 1, left);
                }
                if (left == 0) {
                    Files.delete(file);
                }
                try (EventFile events = open(step)) {
                    events.fill(jsonl, step);
                    if (step % 2 == 0) {
                        evaluate(events, step);
                    }
                    run(events, step + 1, STEPS);
                }
                assertArrayEquals(expected, Files.readAllBytes(file), "from " + left + " to " + step);
            }
        }
    }

    @Test
    void whatACrashHasDamagedIsCutOff() throws IOException {
        byte[] expected = straight();
        for (int left = 1; left <= 40; left += 13) {
            Files.write(file, Arrays.copyOf(expected, expected.length - left));
            try (EventFile events = open(STEPS - 1)) {
                evaluate(events, STEPS - 1);
                run(events, STEPS, STEPS);
            }
            assertArrayEquals(expected, Files.readAllBytes(file), left + " bytes lost");
        }
        byte[] flipped = expected.clone();
        flipped[flipped.length - 20] ^= 1;
        Files.write(file, flipped);
        open(STEPS).close();
        assertTrue(Files.size(file) < expected.length);
    }

    @Test
    void theBestModelOfAnEarlierStepIsNotShownAgain() throws IOException {
        straight();
        long size = Files.size(file);
        try (EventFile events = open(STEPS)) {
            evaluate(events, 4);
            evaluate(events, 2);
        }
        assertEquals(size, Files.size(file));
    }

    @Test
    void anotherFileIsNotReplaced() throws IOException {
        Files.writeString(file, "my notes, which must not be lost");
        UnusableFileException refused = assertThrows(UnusableFileException.class, () -> open(0));
        assertTrue(String.valueOf(refused.getMessage()).contains("is not an event file of TensorBoard"));
        assertEquals("my notes, which must not be lost", Files.readString(file));
        Files.writeString(file, "", StandardOpenOption.TRUNCATE_EXISTING);
        open(0).close();
        open(0).close();
    }
}

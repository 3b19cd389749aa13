package dev.microgpt.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    private static final String NOTE = "so the learning rate never leaves its warm-up";

    @TempDir
    private Path folder;

    private Path text;

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
    }

    private Run train(String... options) {
        Run run = SmallTraining.run(text, folder.resolve("out"), options);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run;
    }

    @Test
    void runThatEndsInsideItsWarmupIsNoted() {
        assertTrue(
                train("--steps", "100")
                        .err()
                        .contains("microgpt: note: --steps is 100 and --warmup-steps is 100, " + NOTE
                                + "; give for example --warmup-steps 10\n"),
                "the preset nano has 100 steps of warm-up");
        String own = train("--steps", "5", "--warmup-steps", "7", "--overwrite").err();
        assertTrue(own.contains("note: --steps is 5 and --warmup-steps is 7, " + NOTE), own);
    }

    @Test
    void runThatLeavesItsWarmupIsNotNoted() {
        assertFalse(train("--steps", "101").err().contains("warm-up"));
        assertFalse(train("--steps", "100", "--warmup-steps", "10", "--overwrite")
                .err()
                .contains("warm-up"));
        assertEquals("", train("--steps", "100", "--overwrite", "--quiet").err());
    }
}

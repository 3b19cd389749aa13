package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code --checkpoint-interval} and {@code --keep}. */
class PeriodicCheckpointTest {
    @TempDir
    Path folder;

    private Path text;
    private Path out;

    @BeforeEach
    void writeText() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        out = folder.resolve("out");
    }

    private Run train(String... options) {
        return SmallTraining.run(text, out, options);
    }

    private List<String> periodic() {
        String[] names = out.toFile().list((dir, name) -> name.startsWith("checkpoint-"));
        Arrays.sort(names);
        return List.of(names);
    }

    @ParameterizedTest
    @CsvSource({"4, 2, 4", "2, 1, 6", "2, 2, 4 6", "2, 9, 2 4 6", "7, 2, ''"})
    void theNewestStay(String interval, String keep, String steps) throws IOException {
        Run run = train("--checkpoint-interval", interval, "--keep", keep);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        List<String> expected = new ArrayList<>();
        for (String step : steps.isEmpty() ? new String[0] : steps.split(" ")) {
            expected.add("checkpoint-0000000" + step + ".safetensors");
            assertEquals(
                    step + " of 6",
                    SmallTraining.info(out.resolve(expected.get(expected.size() - 1)))
                            .get("step"));
        }
        assertEquals(expected, periodic());
    }

    @Test
    void theyChangeNothingAndTheLastIsTheSameAsTheEnd() throws IOException {
        train();
        byte[] end = Files.readAllBytes(out.resolve("checkpoint.safetensors"));
        assertEquals(List.of(), periodic());
        assertEquals(ExitCode.DONE, train("--checkpoint-interval", "1").exitCode());
        assertArrayEquals(end, Files.readAllBytes(out.resolve("checkpoint.safetensors")));
        assertArrayEquals(end, Files.readAllBytes(out.resolve("checkpoint-00000006.safetensors")));
    }

    @Test
    void aFolderMeansTheNewest() throws IOException {
        train("--checkpoint-interval", "2");
        Files.delete(out.resolve("checkpoint.safetensors"));
        Files.delete(out.resolve("checkpoint-00000006.safetensors"));
        assertEquals("4 of 6", SmallTraining.info(out).get("step"));
    }

    @Test
    void aRunThatWasBrokenOffIsNotOverwrittenUnasked() throws IOException {
        train("--checkpoint-interval", "2");
        Files.delete(out.resolve("checkpoint.safetensors"));
        Files.delete(out.resolve("best.safetensors"));
        Run refused = train();
        assertEquals(ExitCode.FOLDER_IN_USE, refused.exitCode(), refused.err());
        assertTrue(refused.err().contains("checkpoint-00000006.safetensors"), refused.err());
        assertTrue(refused.err().contains("--resume"), refused.err());
        assertEquals(ExitCode.DONE, train("--overwrite").exitCode());
        assertEquals(List.of(), periodic());
    }

    /** Its step may be higher than any that the new run reaches. */
    @Test
    void theLastOfAnOverwrittenUnfinishedRunGoesWithTheFirstOfTheNew() throws IOException {
        train();
        SmallTraining.unfinish(out.resolve("checkpoint.safetensors"));
        Run run = train("--overwrite", "--checkpoint-interval", "1", "--learning-rate", "1e300", "--grad-clip", "0");
        assertEquals(ExitCode.DIVERGED, run.exitCode(), run.err());
        assertEquals(List.of("checkpoint-00000001.safetensors"), periodic());
        assertFalse(Files.exists(out.resolve("checkpoint.safetensors")));
    }

    @ParameterizedTest
    @CsvSource({"--checkpoint-interval, 0", "--keep, 0", "--checkpoint-interval, -1", "--keep, x"})
    void numbersBelowOneAreRefused(String option, String value) {
        Run run = train(option, value);
        assertEquals(ExitCode.USAGE, run.exitCode());
        assertTrue(
                run.err().contains(option + " must be an integer of at least 1, but is \"" + value + "\"\n"),
                run.err());
        assertFalse(Files.exists(out));
    }
}

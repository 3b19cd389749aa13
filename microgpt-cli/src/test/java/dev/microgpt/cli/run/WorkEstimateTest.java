package dev.microgpt.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.command.Command;
import dev.microgpt.cli.command.InfoCommand;
import dev.microgpt.cli.command.SampleCommand;
import dev.microgpt.cli.command.TrainCommand;
import dev.microgpt.cli.data.DocumentLength;
import dev.microgpt.cli.failure.CliException;
import dev.microgpt.cli.failure.ExitCode;
import dev.microgpt.model.GptConfig;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class WorkEstimateTest {
    @TempDir
    Path folder;

    @AfterEach
    void forgetTheProperty() {
        System.clearProperty(WorkEstimate.LONG_FROM);
    }

    @Test
    void theReferenceRunIsShort() throws IOException {
        assertFalse(WorkEstimate.isLong(train().plainSeconds()));
    }

    @Test
    void aLargeModelIsLong() throws IOException {
        assertTrue(WorkEstimate.isLong(
                train("--n-embd", "256", "--n-layer", "4", "--batch-size", "32").plainSeconds()));
    }

    @Test
    void manyStepsAreLong() throws IOException {
        assertTrue(WorkEstimate.isLong(train("--steps", "1000000").plainSeconds()));
    }

    /** 6·(4192 + 16·7) operations for each of 1000·7 tokens. */
    @Test
    void aTrainingTakesSixOperationsAParameterAndToken() {
        assertEquals(
                1000 * 7 * 6 * (4192 + 16 * 7) / 8e9, WorkEstimate.ofTraining(GptConfig.microgpt(27), 1000, 7), 1e-12);
    }

    @Test
    void aModelOfACheckpointIsAsLargeAsItsFile() throws IOException {
        Path checkpoint = folder.resolve("checkpoint.safetensors");
        try (RandomAccessFile file = new RandomAccessFile(checkpoint.toFile(), "rw")) {
            file.setLength(24 * 800_000L); // with holes: nothing is written
        }
        double seconds = train("--init-from", folder.toString()).plainSeconds();
        assertEquals(1000 * 64 * 6 * 800_000.0 / 8e9, seconds, 1e-9);
        assertTrue(WorkEstimate.isLong(seconds));
    }

    @Test
    void shortDocumentsDoNotFillALongBlock() throws IOException {
        double seconds = train("--block-size", "1024", "--n-embd", "64").plainSeconds();
        assertFalse(WorkEstimate.isLong(seconds), seconds + " s, although a name has seven tokens");
    }

    @Test
    void aPipeMayBringDocumentsThatFillTheBlock() throws IOException {
        String[] options = {"--block-size", "1024", "--n-embd", "64", "--data", "/dev/stdin"};
        assertTrue(WorkEstimate.isLong(train(options).plainSeconds()));
    }

    @Test
    void documentsAreMeasuredAsTheModelSeesThem() {
        assertEquals((3 + 5 + 10) / 3.0, DocumentLength.mean("ab\r\n\n  \nanna\n\uD83D\uDE00 and much more\n", 10));
        assertEquals(0, DocumentLength.mean(" \n", 10));
    }

    @Test
    void dataThatCannotBeReadIsLeftToTheCommand() {
        assertEquals(16, DocumentLength.mean(folder.resolve("no-such-file"), 16));
    }

    @Test
    void manySamplesOfALargeCheckpointAreLong() throws IOException {
        Path checkpoint = Files.write(folder.resolve("x.safetensors"), new byte[24 * 10_000]);
        assertFalse(WorkEstimate.isLong(sample(checkpoint, "20").plainSeconds()));
        assertTrue(WorkEstimate.isLong(sample(checkpoint, "100000").plainSeconds()));
    }

    /** 2 operations a parameter for each of 20 times 256 positions, and then 256 positions for each of 10 tokens. */
    @Test
    void aTokenBeyondTheBlockTakesAWholeBlock() {
        assertEquals(20 * 256 * 2 * 4192 / 8e9, WorkEstimate.ofSampling(4192, 20, 256, 256), 1e-12);
        assertEquals(20 * (256 + 10 * 256) * 2 * 4192 / 8e9, WorkEstimate.ofSampling(4192, 20, 266, 256), 1e-12);
        assertEquals(20 * 3 * 2 * 4192 / 8e9, WorkEstimate.ofSampling(4192, 20, 3, 256), 1e-12);
    }

    @Test
    void infoIsShort() throws IOException {
        assertEquals(0, new InfoCommand().plainSeconds());
    }

    @Test
    void thePropertySaysWhatIsLong() {
        assertFalse(WorkEstimate.isLong(0.5));
        System.setProperty(WorkEstimate.LONG_FROM, "0.4");
        assertTrue(WorkEstimate.isLong(0.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "NaN"})
    void aWrongPropertyIsRefused(String seconds) {
        System.setProperty(WorkEstimate.LONG_FROM, seconds);
        CliException refused = assertThrows(CliException.class, () -> WorkEstimate.isLong(1));
        assertEquals(ExitCode.USAGE, refused.exitCode());
        assertEquals(
                "-Dmicrogpt.relaunch.seconds is \"" + seconds + "\", but must be a number of seconds, 0 or above",
                refused.getMessage());
    }

    private static Command train(String... options) {
        TrainCommand command = new TrainCommand();
        command.describeOptions();
        return CommandLine.populateCommand(command, options);
    }

    private static Command sample(Path checkpoint, String numSamples) {
        return CommandLine.populateCommand(
                new SampleCommand(), "--checkpoint", checkpoint.toString(), "--num-samples", numSamples);
    }
}

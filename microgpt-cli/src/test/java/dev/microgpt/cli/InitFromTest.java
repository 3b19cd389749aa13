package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code train --init-from}: a model that begins where another run ended. */
class InitFromTest {
    /** What all tests go on from, and none changes. */
    @TempDir
    static Path shared;

    @TempDir
    Path folder;

    private Path text;
    private Path first;
    private Path second;

    @BeforeEach
    void namePaths() {
        text = shared.resolve("text.txt");
        first = shared.resolve("first");
        second = folder.resolve("second");
    }

    @BeforeAll
    static void trainTheFirst() throws IOException {
        Path text = Files.writeString(shared.resolve("text.txt"), SmallTraining.TEXT);
        Run run = SmallTraining.run(
                text,
                shared.resolve("first"),
                "--steps",
                "60",
                "--batch-size",
                "8",
                "--learning-rate",
                "0.02",
                "--warmup-steps",
                "0");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
    }

    private Run goOn(Path data, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "train",
                "--init-from",
                first.toString(),
                "--data",
                data.toString(),
                "--out",
                second.toString(),
                "--steps",
                "2",
                "--num-samples",
                "0",
                "--report"));
        args.addAll(List.of(more));
        return Run.of(args.toArray(new String[0]));
    }

    private void assertRefused(int exitCode, String message, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertTrue(run.err().lines().count() <= 3, run.err());
        assertFalse(run.err().contains("Exception"), run.err());
        assertEquals("", run.out());
        assertFalse(Files.exists(second), "nothing is created");
    }

    @Test
    void itGoesOnWithTheModelItsFormatAndItsSplit() throws IOException {
        List<Double> losses = SmallTraining.metrics(first, "loss");
        double last = losses.get(59);
        assertTrue(last < losses.get(0) - 1, "the first run has learnt something: " + last);
        Run run = goOn(text, "--batch-size", "8", "--learning-rate", "0.0001");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        // another batch: its loss is near the last one's, and far from that of a new model
        assertEquals(last, SmallTraining.metrics(second, "loss").get(0), 0.5);
        Map<String, String> before = SmallTraining.info(first);
        Map<String, String> after = SmallTraining.info(second);
        for (String name : List.of("n_layer", "n_embd", "block_size", "norm", "tie_head", "alphabet", "data_sha256")) {
            assertEquals(before.get(name), after.get(name), name);
        }
        assertEquals("text", after.get("data_format"));
        assertEquals("0.1", after.get("val_fraction"));
        assertEquals("2 of 2", after.get("step"));
    }

    @Test
    void aCheckpointFileServesAsWellAsItsFolder() throws IOException {
        goOn(text);
        List<Double> losses = SmallTraining.metrics(second, "loss");
        first = first.resolve("checkpoint.safetensors");
        second = folder.resolve("third");
        assertEquals(ExitCode.DONE, goOn(text).exitCode());
        assertEquals(losses, SmallTraining.metrics(second, "loss"));
    }

    @Test
    void thePresetIsForTheTrainingAlone() {
        assertEquals(
                ExitCode.DONE,
                goOn(text, "--preset", "nano", "--batch-size", "3").exitCode());
        Map<String, String> settings = SmallTraining.info(second);
        assertEquals(SmallTraining.info(first).get("n_embd"), settings.get("n_embd"));
        assertEquals("cosine", settings.get("schedule"));
        assertEquals("0.1", settings.get("weight_decay"));
        assertEquals("3", settings.get("batch_size"));
    }

    @Test
    void aModelWhoseMlpHasAnotherWidthIsResumed() throws IOException {
        Run wide = SmallTraining.run(text, folder.resolve("wide"), "--n-inner", "20", "--steps", "1");
        assertEquals(ExitCode.DONE, wide.exitCode(), wide.err());
        first = folder.resolve("wide");
        String[] constant = {"--schedule", "constant", "--warmup-steps", "0"};
        assertEquals(ExitCode.DONE, goOn(text, constant).exitCode());
        Run resumed = SmallTraining.resume(text, second, "--steps", "4");
        assertEquals(ExitCode.DONE, resumed.exitCode(), resumed.err());
        assertEquals("4 of 4", SmallTraining.info(second).get("step"));
        assertEquals("20", SmallTraining.info(second).get("n_inner"));
        Run given = SmallTraining.resume(text, second, "--steps", "5", "--n-inner", "20");
        assertEquals(ExitCode.DONE, given.exitCode(), given.err());
        Run other = SmallTraining.resume(text, second, "--steps", "6", "--n-inner", "32");
        assertEquals(ExitCode.USAGE, other.exitCode(), other.err());
        assertTrue(other.err().contains("--n-inner is 32, but "), other.err());
        assertTrue(other.err().contains(" was trained with 20\n"), other.err());
    }

    @Test
    void dropoutMayBeChanged() {
        assertEquals(ExitCode.DONE, goOn(text, "--dropout", "0.3").exitCode());
        assertEquals("0.3", SmallTraining.info(second).get("dropout"));
        assertEquals("0.0", SmallTraining.info(first).get("dropout"));
    }

    @Test
    void aTextWithAnUnknownCharacterIsRefused() throws IOException {
        Path other = Files.writeString(folder.resolve("other.txt"), SmallTraining.TEXT + "\u00E4");
        Run run = goOn(other);
        assertRefused(ExitCode.CONTENT, "other.txt:11: \"\u00E4\" (U+00E4) is not", run);
        assertTrue(run.err().contains("U+00E4"), run.err());
    }

    @Test
    void aPreparedFolderMustHaveTheSameCharacters() throws IOException {
        Path corpus = folder.resolve("corpus");
        Run.of("data", "prepare", "--data", text.toString(), "--out", corpus.toString());
        assertEquals(ExitCode.DONE, goOn(corpus).exitCode());
        second = folder.resolve("third");
        Path fewer = Files.writeString(folder.resolve("fewer.txt"), "the dog\n".repeat(20));
        Run.of("data", "prepare", "--data", fewer.toString(), "--out", corpus.toString(), "--overwrite");
        assertRefused(
                ExitCode.CONTENT,
                "--data has a vocabulary of 9 tokens, which is not that of --init-from with 29 tokens",
                goOn(corpus));
        assertEquals(ExitCode.DONE, goOn(fewer).exitCode(), "the text itself will do");
    }

    @Test
    void itsOwnFolderIsNotOverwrittenUnasked() {
        second = folder.resolve("first");
        assertEquals(ExitCode.DONE, SmallTraining.run(text, second).exitCode());
        first = second;
        assertEquals(ExitCode.FOLDER_IN_USE, goOn(text).exitCode());
        assertEquals(ExitCode.DONE, goOn(text, "--overwrite").exitCode());
        assertEquals("2 of 2", SmallTraining.info(first).get("step"));
    }

    @Test
    void documentsWithAnUnknownCharacterAreRefused() throws IOException {
        Path other = Files.writeString(folder.resolve("other.txt"), "anna\nren\u00E9\n");
        for (String fraction : List.of("0", "0.5")) {
            Run run = goOn(other, "--format", "documents", "--val-fraction", fraction);
            assertRefused(ExitCode.CONTENT, "other.txt:2: \"ren\u00E9\" has a character that the tokenizer", run);
            assertTrue(run.err().contains("U+00E9"), run.err());
            assertTrue(run.err().contains("ren\u00E9"), run.err());
        }
    }

    @Test
    void optionsThatSayWhatTheModelIsAreRefused() {
        String[][] all = {
            {"--n-layer", "1"},
            {"--n-head", "2"},
            {"--n-embd", "8"},
            {"--block-size", "8"},
            {"--n-inner", "20"},
            {"--norm", "layernorm"},
            {"--norm-eps", "1e-6"},
            {"--embedding-norm"},
            {"--no-final-norm"},
            {"--attention-scale", "none"},
            {"--activation", "gelu"},
            {"--no-bias"},
            {"--tie-head"}
        };
        for (String[] option : all) {
            Run run = goOn(text, option);
            assertRefused(
                    ExitCode.USAGE,
                    "--init-from cannot be used together with options of the model, which the checkpoint determines\n",
                    run);
            assertTrue(run.err().contains(option[0].replace("--no-", "--")), "names " + option[0] + ": " + run.err());
        }
    }
}

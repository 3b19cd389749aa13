package dev.microgpt.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.failure.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be refused at the start is refused there, before anything is written, not when a run comes to it. */
class EarlyChecksTest {
    @TempDir
    Path folder;

    private Path text;
    private Path corpus;
    private Path out;

    @BeforeEach
    void prepare() throws IOException {
        text = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        corpus = folder.resolve("corpus");
        out = folder.resolve("out");
        Run prepared = Run.of("data", "prepare", "--data", text.toString(), "--out", corpus.toString());
        assertEquals(ExitCode.DONE, prepared.exitCode(), prepared.err());
    }

    /** Also where a run of a few steps would not come to it. */
    @Test
    void aWrongTokenIsRefusedByEveryCommandBeforeAnythingIsWritten() throws IOException {
        Run trained = SmallTraining.run(corpus, out);
        assertEquals(ExitCode.DONE, trained.exitCode(), trained.err());
        SmallTraining.unfinish(out.resolve("checkpoint.safetensors"));
        for (String name : List.of("train.bin", "val.bin")) {
            Path file = corpus.resolve(name);
            byte[] good = Files.readAllBytes(file);
            int[] positions = {0, good.length / 4, good.length / 2 - 1};
            for (int position : positions) {
                byte[] wrong = good.clone();
                wrong[2 * position] = 29; // the vocabulary has 28 characters and BOS
                Files.write(file, wrong);
                String message = "data " + file + ": the id 29 at position " + position
                        + " is not in the vocabulary; ids must be below 29.";
                assertRefusedEverywhere(message);
            }
            Files.write(file, Arrays.copyOf(good, good.length - 1));
            assertRefusedEverywhere(
                    "data " + file + ": the file has " + (good.length - 1) + " bytes, but must have 2 for each token;");
            Files.write(file, good);
        }
        Run resumed = SmallTraining.run(corpus, out, "--steps", "7", "--resume");
        assertEquals(ExitCode.DONE, resumed.exitCode(), resumed.err());
    }

    private void assertRefusedEverywhere(String message) throws IOException {
        Path other = folder.resolve("other");
        String model = out.toString();
        assertRefused(message, SmallTraining.args(corpus, other));
        assertRefused(message, SmallTraining.args(corpus, out, "--overwrite"));
        assertRefused(message, SmallTraining.args(corpus, out, "--steps", "7", "--resume"));
        assertRefused(message, "train", "--data", corpus.toString(), "--out", other.toString(), "--init-from", model);
        assertRefused(message, "eval", "--checkpoint", model, "--data", corpus.toString());
    }

    private void assertRefused(String message, String... args) throws IOException {
        assertRefused(ExitCode.CONTENT, message, args);
    }

    private void assertRefused(int exitCode, String message, String... args) throws IOException {
        Snapshot before = Snapshot.of(folder);
        Run run = Run.of(args);
        String what = String.join(" ", args) + "\n" + run.err();
        assertEquals(exitCode, run.exitCode(), what);
        assertTrue(run.err().contains(message), what);
        assertEquals("", run.out(), what);
        assertEquals(List.of(), before.changesTo(Snapshot.of(folder)), what);
    }

    /** The data is not even text: the path of the result comes first. */
    @Test
    void whereAResultGoesIsCheckedBeforeTheWork() throws IOException {
        String data =
                Files.write(folder.resolve("bad.txt"), new byte[] {-1, -1}).toString();
        String missing = folder.resolve("gone").resolve("file").toString();
        String below = text.resolve("sub").resolve("file").toString();
        String isMissing = ": the folder " + folder.resolve("gone") + " is missing\n";
        String isFile = ": " + text + " must be a folder, but is a file\n";
        String holdsOther = " " + text + " already exists and holds something else, which would be lost\n";
        Path bad = Path.of(data);
        assertRefused(
                ExitCode.IO, "--metrics " + missing + isMissing, SmallTraining.args(bad, out, "--metrics", missing));
        assertRefused(
                ExitCode.FOLDER_IN_USE,
                "--metrics" + holdsOther,
                SmallTraining.args(bad, out, "--metrics", text.toString()));
        String[] eval = {"eval", "--checkpoint", data, "--data", data, "--per-token", missing};
        assertRefused(ExitCode.IO, "--per-token " + missing + isMissing, eval);
        eval[6] = text.toString();
        assertRefused(ExitCode.FOLDER_IN_USE, "--per-token" + holdsOther, eval);
        String[] score = {"score", data, "--data", data, "--out", missing};
        assertRefused(ExitCode.IO, "--out " + missing + isMissing, score);
        score[5] = text.toString();
        assertRefused(ExitCode.FOLDER_IN_USE, "--out " + text + " already exists\n", score);
        String[] explain = {"explain", data, "--text", "a", "--out", missing};
        assertRefused(ExitCode.IO, "--out " + missing + isMissing, explain);
        explain[5] = text.toString();
        assertRefused(ExitCode.IO, text + ": it already exists and is not a page of microgpt explain;", explain);
        String[] tokenizer = {"tokenizer", "train", "--vocab-size", "300", "--data", data, "--out", below};
        assertRefused(ExitCode.IO, "--out " + below + isFile, tokenizer);
        assertRefused(ExitCode.IO, "--out " + below + isFile, "import", "gpt2", corpus.toString(), "--out", below);
    }
}

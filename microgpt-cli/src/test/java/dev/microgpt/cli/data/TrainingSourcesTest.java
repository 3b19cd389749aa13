package dev.microgpt.cli.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.failure.ExitCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every form of data that {@code --data} and {@code --format} accept. */
class TrainingSourcesTest {
    private static final String NAMES = "anna\nemma\nolivia\nava\nmia\nzoe\nlily\nella\nnora\nluna\n";

    @TempDir
    Path folder;

    private Path out;

    @BeforeEach
    void chooseFolder() {
        out = folder.resolve("out");
    }

    private Path write(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private List<String> sizes(Path data, String... options) {
        Run run = SmallTraining.run(data, out, options);
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        return run.out().lines().filter(line -> !line.startsWith("num params")).toList();
    }

    private void assertRefused(int exitCode, String message, Run run) {
        assertEquals(exitCode, run.exitCode(), run.err());
        assertTrue(run.err().contains(message), run.err());
        assertTrue(run.err().startsWith("microgpt: "), run.err());
        assertTrue(run.err().lines().count() <= 3, run.err());
        assertFalse(run.err().contains("Exception"), run.err());
        assertEquals("", run.out());
        assertFalse(Files.exists(out), "nothing is created");
    }

    private Path prepared(String... options) throws IOException {
        Path text = write("text.txt", SmallTraining.TEXT);
        Path corpus = folder.resolve("corpus");
        List<String> args =
                new ArrayList<>(List.of("data", "prepare", "--data", text.toString(), "--out", corpus.toString()));
        args.addAll(List.of(options));
        assertEquals(ExitCode.DONE, Run.of(args.toArray(new String[0])).exitCode());
        return corpus;
    }

    @Test
    void documentsOfAFileAreHeldBackInPart() throws IOException {
        Path names = write("names.txt", NAMES);
        List<String> expected = List.of("num docs: 9", "num validation docs: 1", "vocab size: 13");
        assertEquals(expected, sizes(names, "--format", "documents"));
        assertEquals("documents", SmallTraining.info(out).get("data_format"));
        assertEquals(1, SmallTraining.metrics(out, "validation_loss").size());
        assertTrue(Files.exists(out.resolve("best.safetensors")));
    }

    @Test
    void tooFewDocumentsForBothPartsAreRefused() throws IOException {
        Path names = write("names.txt", "anna\n");
        Run run = SmallTraining.run(names, out, "--format", "documents");
        assertRefused(
                ExitCode.CONTENT,
                "the training split has 0 of 1 documents at a validation fraction of 0.1, but both splits must",
                run);
    }

    @Test
    void aFolderOfDocumentsIsReadInTheOrderOfTheNames() throws IOException {
        Path whole = write("names.txt", NAMES);
        sizes(whole, "--format", "documents", "--val-fraction", "0");
        List<Double> expected = SmallTraining.metrics(out, "loss");
        write("parts/b.txt", NAMES.substring(NAMES.indexOf("mia")));
        write("parts/a.txt", "anna\nemma\nolivia\nava"); // its last line has no end
        write("parts/.hidden.txt", "xyz\n");
        write("parts/c.md", "xyz\n");
        out = folder.resolve("parted");
        sizes(folder.resolve("parts"), "--format", "documents", "--val-fraction", "0");
        assertEquals(expected, SmallTraining.metrics(out, "loss"));
    }

    @Test
    void aFolderOfTextsIsOneText() throws IOException {
        write("parts/b.txt", SmallTraining.TEXT.substring(100));
        write("parts/a.txt", SmallTraining.TEXT.substring(0, 100));
        List<String> expected = List.of("num tokens: 396", "num validation tokens: 45", "vocab size: 29");
        assertEquals(expected, sizes(folder.resolve("parts")));
        assertEquals("text", SmallTraining.info(out).get("data_format"));
        String joined = SmallTraining.info(out).get("data_sha256");
        out = folder.resolve("whole");
        sizes(write("text.txt", SmallTraining.TEXT));
        assertNotEquals(joined, SmallTraining.info(out).get("data_sha256"), "between the files is a token");
    }

    @Test
    void standardInputIsDocumentsOrAText() throws IOException {
        InputStream before = System.in;
        try {
            System.setIn(new ByteArrayInputStream(NAMES.getBytes(StandardCharsets.UTF_8)));
            List<String> documents = List.of("num docs: 9", "num validation docs: 1", "vocab size: 13");
            assertEquals(documents, sizes(Path.of("-"), "--format", "documents"));
            System.setIn(new ByteArrayInputStream(NAMES.getBytes(StandardCharsets.UTF_8)));
            out = folder.resolve("text");
            List<String> text = List.of("num tokens: 44", "num validation tokens: 5", "vocab size: 14");
            assertEquals(text, sizes(Path.of("-"), "--format", "text"));
            System.setIn(InputStream.nullInputStream());
            out = folder.resolve("none");
            assertRefused(ExitCode.CONTENT, "data -: the text is empty", SmallTraining.run(Path.of("-"), out));
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void aPreparedFolderTrainsAsItsTextDoes() throws IOException {
        List<String> expected = List.of("num tokens: 396", "num validation tokens: 44", "vocab size: 29");
        assertEquals(expected, sizes(prepared()));
        List<Double> losses = SmallTraining.metrics(out, "loss");
        List<Double> validation = SmallTraining.metrics(out, "validation_loss");
        out = folder.resolve("text");
        sizes(folder.resolve("text.txt"));
        assertEquals(losses, SmallTraining.metrics(out, "loss"));
        assertEquals(validation, SmallTraining.metrics(out, "validation_loss"));
    }

    @Test
    void namesAreDocumentsUnderAnyPreset() {
        Run run = Run.of(
                "train",
                "--preset",
                "nano",
                "--steps",
                "1",
                "--n-layer",
                "1",
                "--n-embd",
                "8",
                "--num-samples",
                "0",
                "--eval-steps",
                "1",
                "--val-fraction",
                "0.0005",
                "--out",
                out.toString());
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().startsWith("num docs: 29785\nnum validation docs: 15\nvocab size: 27\n"), run.out());
    }

    /** In floating point, 10 · (1 − 0.9) is below 1. */
    @Test
    void theFractionOfDocumentsIsTheNumberThatWasWritten() throws IOException {
        Path names = write("names.txt", NAMES);
        List<String> expected = List.of("num docs: 1", "num validation docs: 9", "vocab size: 13");
        assertEquals(expected, sizes(names, "--format", "documents", "--val-fraction", "0.9"));
    }

    @Test
    void microgptTellsOfItsMeasurements() throws IOException {
        Path names = write("names.txt", NAMES);
        Run run = SmallTraining.run(names, out, "--preset", "microgpt", "--val-fraction", "0.2");
        assertEquals(ExitCode.DONE, run.exitCode(), run.err());
        assertTrue(run.out().contains("num docs: 8\nnum validation docs: 2\n"), run.out());
        assertTrue(run.err().contains("step 6 | validation loss "), run.err());
        assertTrue(Files.exists(out.resolve("best.safetensors")));
        assertFalse(Files.exists(out.resolve("metrics.jsonl")), "unless asked for");
    }

    @Test
    void aTextShorterThanABlockIsRefusedWithItsSize() throws IOException {
        Path text = write("short.txt", "abc abc abc");
        Run run = SmallTraining.run(text, out, "--block-size", "12", "--val-fraction", "0");
        assertRefused(ExitCode.CONTENT, "--data has 11 tokens to train on, but must have at least 13", run);
        assertTrue(run.err().contains("--block-size"), run.err());
        assertEquals(
                List.of("num tokens: 11", "vocab size: 5"), sizes(text, "--block-size", "10", "--val-fraction", "0"));
    }

    @Test
    void onePreparedTokenIsNotEnoughToMeasure() throws IOException {
        Path corpus = prepared();
        Files.write(corpus.resolve("val.bin"), new byte[2]);
        Run run = SmallTraining.run(corpus, out);
        assertRefused(
                ExitCode.CONTENT,
                "--data has a validation split of 1 tokens, but it must be empty or have at least 2",
                run);
    }

    @Test
    void theSplitOfAPreparedFolderIsRecordedAndTellsRunsApart() throws IOException {
        Path quarter = prepared("--val-fraction", "0.25");
        sizes(quarter);
        assertEquals("0.25", SmallTraining.info(out).get("val_fraction"));
        prepared("--val-fraction", "0.5", "--overwrite");
        Run other = SmallTraining.run(quarter, out);
        assertEquals(ExitCode.FOLDER_IN_USE, other.exitCode(), other.err());
    }

    @Test
    void everyFileOfAFolderMayHaveAByteOrderMark() throws IOException {
        write("parts/a.txt", "\uFEFFanna\n");
        write("parts/b.txt", "\uFEFFanna\n");
        List<String> expected = List.of("num docs: 2", "vocab size: 3");
        assertEquals(expected, sizes(folder.resolve("parts"), "--format", "documents", "--val-fraction", "0"));
    }

    @Test
    void aBrokenFileOfAFolderIsNamed() throws IOException {
        write("parts/a.txt", "anna\nemma\n");
        Files.write(folder.resolve("parts/b.txt"), "zoe\nren\u00E9\n".getBytes(StandardCharsets.ISO_8859_1));
        Run run = SmallTraining.run(folder.resolve("parts"), out, "--format", "documents");
        assertRefused(ExitCode.CONTENT, "b.txt:2: byte 0xE9 at offset 7", run);
    }

    @Test
    void aPreparedFolderIsSplitAlreadyAndHoldsNoDocuments() throws IOException {
        Path corpus = prepared();
        assertRefused(
                ExitCode.USAGE,
                "--val-fraction cannot be used together with data that is already prepared\n",
                SmallTraining.run(corpus, out, "--val-fraction", "0.2"));
        Run documents = SmallTraining.run(corpus, out, "--format", "documents");
        assertRefused(
                ExitCode.USAGE, " is a folder written by data prepare, which holds one text, not documents", documents);
        assertTrue(documents.err().contains("hint: add --format text"), documents.err());
    }
}

package dev.microgpt.cli.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.train.Evaluation;
import dev.microgpt.train.RecentMean;
import dev.microgpt.train.TrainingStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunReportTest {
    @TempDir
    Path folder;

    private Path metrics;
    private Path page;

    @BeforeEach
    void nameTheFiles() {
        metrics = folder.resolve("metrics.jsonl");
        page = folder.resolve("report.html");
    }

    private RunReport report() throws IOException {
        return new RunReport(metrics, SyntheticRun.configuration(), 27, page);
    }

    private String written(SyntheticRun run) throws IOException {
        run.writeTo(metrics);
        report().write();
        return Files.readString(page);
    }

    @Test
    void thePageSaysInWordsWhatHappened() throws IOException {
        SyntheticRun run = new SyntheticRun(200, 50, 1);
        String html = written(run);
        RecentMean mean = new RecentMean();
        for (double loss : run.losses) {
            mean.add(loss);
        }
        String expected = "After 200 steps, the training loss is " + Numbers.fixed(mean.value(), 4)
                + " (mean of recent steps) and the validation loss is 2.3085 at step 200;"
                + " the best was 2.3075 at step 150.";
        assertTrue(html.contains(expected), expected);
        assertTrue(html.contains("guessing among 27: 3.30"), "the line of guessing");
        assertFalse(html.contains("The curves have at most"), "nothing is left out");
        assertFalse(html.contains("{{"), "a place that nobody filled");
    }

    @Test
    void textsAreEscaped() throws IOException {
        String html = written(new SyntheticRun(10, 5, 1).withAwkwardSamples());
        assertTrue(html.contains("&lt;b&gt;seed&lt;/b&gt;"), "the configuration");
        assertTrue(html.contains("&lt;script&gt;document.title"), "a sample");
        assertEquals(2, html.split("<script").length - 1, "the data and the script of the page");
    }

    @Test
    void theSameMetricsGiveTheSameBytes() throws IOException {
        written(new SyntheticRun(300, 50, 1));
        byte[] first = Files.readAllBytes(page);
        report().write();
        assertArrayEquals(first, Files.readAllBytes(page));
    }

    @Test
    void aPageOfNothingIsWrittenToo() throws IOException {
        Files.writeString(metrics, "");
        new RunReport(metrics, Map.of(), 27, page).write();
        assertTrue(Files.readString(page).contains("There are no metrics yet."));
    }

    @Test
    void theLineOfGuessingIsLeftOutWhereItWouldFlattenTheCurves() throws IOException {
        new SyntheticRun(50, 25, 1).writeTo(metrics);
        new RunReport(metrics, Map.of(), 50_257, page).write();
        assertFalse(Files.readString(page).contains("guessing among 50,257"));
    }

    @Test
    void aLongRunIsThinnedSaysSoAndStaysSmall() throws IOException {
        SyntheticRun run = new SyntheticRun(6_000, 3, 1);
        // more samples than the page has room for, of characters that take three bytes
        String text = "\u6F22".repeat(2000);
        for (int step = 1; step <= 150; step++) {
            run.lines.add("{\"step\":" + (6_000 + step) + ",\"samples\":[\"" + text + "\",\"" + text + "\"]}");
        }
        String html = written(run);
        assertTrue(html.contains("The curves have at most 2,000 points for 6,000 steps"), "the note");
        assertTrue(html.matches("(?s).*The samples of [\\d,]+ earlier steps are in metrics\\.jsonl.*"), "samples");
        assertTrue(Files.size(page) < 1_000_000, Files.size(page) + " bytes");
    }

    @Test
    void nothingButThePageIsLeftInTheFolder() throws IOException {
        written(new SyntheticRun(10, 5, 1));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(metrics, page), files.sorted().toList());
        }
    }

    @Test
    void aLinkWithTheNameOfTheTemporaryFileIsNotFollowed() throws IOException {
        Path foreign = Files.writeString(folder.resolve("foreign"), "not ours");
        String name = ".report.html.tmp-" + ProcessHandle.current().pid();
        try {
            Files.createSymbolicLink(folder.resolve(name), foreign);
        } catch (IOException | UnsupportedOperationException unsupported) {
            assumeTrue(false, "skipped: no symbolic links here");
        }
        written(new SyntheticRun(10, 5, 1));
        assertEquals("not ours", Files.readString(foreign));
        assertFalse(Files.isSymbolicLink(page));
    }

    @Test
    void aForeignFileIsNotReplaced() throws IOException {
        Files.writeString(page, "<!doctype html>\n<title>my own</title>\n");
        FileSystemException refused = assertThrows(FileSystemException.class, this::report);
        assertTrue(String.valueOf(refused.getReason()).contains("is not the report of a run"), refused.getReason());
        assertEquals("<!doctype html>\n<title>my own</title>\n", Files.readString(page));
        Files.delete(page);
        written(new SyntheticRun(10, 5, 1));
        written(new SyntheticRun(20, 5, 1));
        assertTrue(Files.readString(page).contains("After 20 steps, "));
    }

    @Test
    void thePageIsWrittenAfterTheStepThatFollowsAnEvaluation() throws IOException {
        new SyntheticRun(10, 5, 1).writeTo(metrics);
        RunReport report = report();
        report.onStep(step(10));
        assertFalse(Files.exists(page), "nothing new to show");
        report.onEvaluation(new Evaluation(10, 2.5, 1, 1, true));
        report.onStep(step(11));
        assertTrue(Files.exists(page));
        assertTrue(Files.readString(page, StandardCharsets.UTF_8).startsWith(Page.BEGINNING));
    }

    @Test
    void aPageThatCannotBeWrittenEndsNoTrainingButTheLastWriteTells() throws IOException {
        new SyntheticRun(10, 5, 1).writeTo(metrics);
        RunReport report = new RunReport(metrics, Map.of(), 27, folder.resolve("missing/report.html"));
        report.onSamples();
        report.onStep(step(11));
        assertThrows(IOException.class, report::write);
    }

    private static TrainingStep step(int number) {
        return new TrainingStep(number, 2.5, 0.01, 1, 10, 1000);
    }
}

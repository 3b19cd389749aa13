package dev.microgpt.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.Run;
import dev.microgpt.cli.page.Browser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The page of {@code compare}: its numbers are the digits of the metrics, and what a reader needs is there. */
@Timeout(120)
class ComparisonPageTest {
    private static final int RUNS = 5;

    @TempDir
    static Path folder;

    private static Path page;
    private static final List<String> FOLDERS = new ArrayList<>();

    @BeforeAll
    static void sweep() throws IOException {
        Path file = Files.writeString(folder.resolve("s.txt"), """
                n-embd = 4
                n-head = 1
                steps = 12
                val-fraction = 0.01
                eval-interval = 3
                [a]
                learning-rate = 0.01, 0.02
                seed = 1, 2
                [b]
                learning-rate = 0.03
                """);
        Run run =
                Run.of("sweep", file.toString(), "--out", folder.resolve("out").toString());
        assertEquals(0, run.exitCode(), run.err());
        try (var folders = Files.list(folder.resolve("out"))) {
            folders.filter(Files::isDirectory).sorted().forEach(each -> FOLDERS.add(each.toString()));
        }
        assertEquals(RUNS, FOLDERS.size());
        page = folder.resolve("page.html");
        assertEquals(0, compare().exitCode());
    }

    private static Run compare() {
        List<String> args = new ArrayList<>(List.of("compare", "--out", page.toString()));
        args.addAll(FOLDERS);
        return Run.of(args.toArray(new String[0]));
    }

    /** The digits of a number in the last line of the metrics that has it. */
    private static String lastInMetrics(String run, String name) throws IOException {
        Matcher number =
                Pattern.compile("\"" + name + "\":([^,}]*)").matcher(Files.readString(Path.of(run, "metrics.jsonl")));
        String last = "";
        while (number.find()) {
            last = number.group(1);
        }
        return last;
    }

    @Test
    void theNumbersHaveTheDigitsOfTheMetrics() throws IOException {
        String html = Files.readString(page);
        for (String run : FOLDERS) {
            String name = Path.of(run).getFileName().toString();
            String cells = "<td>12</td><td>" + lastInMetrics(run, "loss") + "</td><td>"
                    + lastInMetrics(run, "validation_loss") + "</td><td>";
            int row = html.indexOf("<th scope=\"row\">" + name + "</th>");
            assertTrue(html.indexOf(cells, row) > 0, name + " lacks " + cells);
            assertTrue(html.contains("<td>" + lastInMetrics(run, "bits_per_byte") + "</td>"), name);
        }
    }

    @Test
    void seedsAreABandAndOneRunIsALine() throws IOException {
        String html = Files.readString(page);
        assertEquals(2 * 3, count("class=\"band g", html)); // two settings with seeds, three charts
        assertEquals(3 * 3, count("<path class=\"g", html) - 3); // three curves in three charts, and the legend
        assertFalse(html.contains("src="));
        assertFalse(html.contains("http:") && html.indexOf("http:") < html.indexOf("<script"));
    }

    @Test
    void aMeanIsThatOfAllSeedsOrMissing() throws IOException {
        Path begun = Files.createDirectories(folder.resolve("begun").resolve("seed-2"));
        Files.copy(Path.of(FOLDERS.get(1), "run.json"), begun.resolve("run.json"));
        Path both = folder.resolve("both.html");
        Run run = Run.of("compare", FOLDERS.get(0), begun.toString(), "--out", both.toString());
        assertEquals(0, run.exitCode(), run.err());
        String html = Files.readString(both);
        String missing = "<td>\u2013</td>";
        assertTrue(html.contains("all runs</th><td>2</td>" + missing.repeat(4) + "</tr>"), html);
    }

    private static int count(String what, String text) {
        return text.split(Pattern.quote(what), -1).length - 1;
    }

    @Test
    void anotherFileIsNotReplaced() throws IOException {
        assertEquals(0, compare().exitCode()); // its own is
        Path notes = Files.writeString(folder.resolve("notes.html"), "<!doctype html>my notes");
        Run run = Run.of("compare", FOLDERS.get(0), "--out", notes.toString());
        assertTrue(run.err().contains("is not a comparison of runs; move it, or choose another --out"), run.err());
        assertEquals("<!doctype html>my notes", Files.readString(notes));
    }

    @Test
    @Tag("browser")
    void inABrowserItIsReadableByEverybody() throws IOException, InterruptedException {
        Path program = Browser.program();
        assumeTrue(program != null, "no Chromium on the path");
        try (Browser browser = new Browser(program, folder.resolve("profile"))) {
            for (String mode : List.of("light", "dark")) {
                browser.show(1280, 900, mode);
                browser.open(page);
                browser.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");
                assertEquals("", browser.evaluate(Browser.TOO_WEAK), mode);
                assertEquals(List.of(), browser.complaints());
            }
            assertEquals("microgpt: 5 runs", browser.evaluate("document.title"));
            for (String run : FOLDERS) {
                String name = Path.of(run).getFileName().toString();
                String shown =
                        browser.evaluate("[...document.querySelectorAll('.runs')][0].querySelectorAll('tbody tr')["
                                + FOLDERS.indexOf(run) + "].innerText");
                assertTrue(
                        shown.startsWith(name) && shown.contains("\t" + lastInMetrics(run, "validation_loss") + "\t"),
                        shown);
            }
            browser.evaluate("document.getElementById('validation').focus()");
            browser.press("End");
            String readOut = browser.evaluate("document.getElementById('validation-readout').textContent");
            assertTrue(readOut.startsWith("step 12 \u00B7 learning_rate 0.01: "), readOut);
            assertEquals(4, readOut.split(" \u00B7 ").length, readOut);
            assertEquals(
                    "true",
                    browser.evaluate(
                            "[...document.querySelectorAll('svg.plot')].every(one => one.ariaLabel.length > 40)"));
            browser.show(360, 800, "light");
            assertEquals(
                    browser.evaluate("document.documentElement.clientWidth"),
                    browser.evaluate("document.documentElement.scrollWidth"));
        }
    }
}

package dev.microgpt.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.page.Browser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The report in a browser, if this machine has one. */
@Timeout(120)
class ReportInBrowserTest {
    private static final int STEPS = 600;
    private static final SyntheticRun RUN = new SyntheticRun(STEPS, 50, 42).withAwkwardSamples();

    @TempDir
    static Path folder;

    private static Browser browser;

    @BeforeAll
    static void openThePage() throws IOException, InterruptedException {
        Path program = Browser.program();
        assumeTrue(program != null, "no Chromium on the path");
        Path page = folder.resolve("report.html");
        Path metrics = RUN.writeTo(folder.resolve("metrics.jsonl"));
        new RunReport(metrics, SyntheticRun.configuration(), 27, page).write();
        browser = new Browser(program, folder.resolve("profile"));
        browser.show(1280, 900, "light");
        browser.open(page);
    }

    @AfterAll
    static void closeTheBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @Test
    void nothingIsRefusedAndNoErrorReported() throws IOException, InterruptedException {
        assertEquals(List.of(), browser.complaints());
        assertEquals("microgpt: 600 steps of training", browser.evaluate("document.title"));
        assertEquals("0", browser.evaluate("document.images.length"));
    }

    @Test
    void theCurveOfTheLossIsThatOfTheMetrics() throws IOException, InterruptedException {
        String path = browser.evaluate("document.querySelector('#loss path').getAttribute('d')");
        // two labels of the axis tell which values its heights stand for
        String[] axis = browser.evaluate("[...document.querySelectorAll('#loss .grid .y')]"
                        + ".map(t => t.textContent + ' ' + t.getAttribute('y').replace('%', '')).join(' ')")
                .split(" ");
        double low = Double.parseDouble(axis[0]);
        double lowAt = Double.parseDouble(axis[1]) / 100;
        double high = Double.parseDouble(axis[axis.length - 2]);
        double highAt = Double.parseDouble(axis[axis.length - 1]) / 100;
        String[] numbers = path.substring(1).split(" ");
        assertEquals(2 * STEPS, numbers.length);
        // half a unit of the path, in nats
        double tolerance = 0.5 / Chart.UNITS * (high - low) * 1.001;
        for (int i = 0; i < STEPS; i++) {
            double at = Double.parseDouble(numbers[2 * i + 1]) / Chart.UNITS;
            double drawn = low + (at - lowAt) / (highAt - lowAt) * (high - low);
            assertEquals(RUN.losses[i], drawn, tolerance, "step " + (i + 1));
            assertEquals((i + 1.0) / STEPS, Double.parseDouble(numbers[2 * i]) / Chart.UNITS, 0.5 / Chart.UNITS);
        }
    }

    @Test
    void keysMoveTheCursorAndTheNumbersAreReadOut() throws IOException, InterruptedException {
        browser.evaluate("document.getElementById('loss').focus()");
        browser.press("Home");
        assertReadOut(1);
        browser.press("ArrowRight");
        browser.press("ArrowRight");
        assertReadOut(3);
        browser.press("ArrowLeft");
        assertReadOut(2);
        browser.press("End");
        assertReadOut(STEPS);
        assertTrue(readOut().contains("validation loss: "), readOut());
        assertEquals("polite", browser.evaluate("document.getElementById('loss-readout').ariaLive"));
        browser.press("Escape");
        assertEquals("", readOut());
    }

    private static void assertReadOut(int step) throws IOException, InterruptedException {
        String text = readOut();
        assertTrue(text.startsWith("step " + step + " \u00B7 training loss of one step: "), text);
        double shown = Double.parseDouble(
                text.replaceFirst(".*training loss of one step: ", "").replaceFirst(" .*", ""));
        assertEquals(RUN.losses[step - 1], shown, 0.5e-4, text); // five significant digits
    }

    private static String readOut() throws IOException, InterruptedException {
        return browser.evaluate("document.getElementById('loss-readout').textContent");
    }

    @Test
    void thePointerMovesTheCursorToo() throws IOException, InterruptedException {
        String[] box = browser.evaluate("(() => { const norm = document.getElementById('norm');"
                        + " norm.scrollIntoView(); const box = norm.getBoundingClientRect();"
                        + " return [box.left, box.right, box.top].join(' '); })()")
                .split(" ");
        double middle = (Double.parseDouble(box[0]) + Double.parseDouble(box[1])) / 2;
        browser.pointAt(middle, Double.parseDouble(box[2]) + 20);
        String text = browser.evaluate("document.getElementById('norm-readout').textContent");
        assertTrue(text.matches("step (299|300|301) \u00B7 each step: .*"), text);
        browser.pointAt(0, 0);
        assertEquals("", browser.evaluate("document.getElementById('norm-readout').textContent"));
    }

    @Test
    void samplesAreShownAsTheyAreAndNotObeyed() throws IOException, InterruptedException {
        int count = SyntheticRun.AWKWARD_SAMPLES.size();
        for (int i = 0; i < count; i++) {
            String shown = browser.evaluate("document.querySelectorAll('details[open] pre')[" + i + "].textContent");
            String expected = SyntheticRun.AWKWARD_SAMPLES
                    .get(i)
                    .replace('\u0000', '\u2400')
                    .replace('\u001B', '\u241B')
                    .replace('\r', '\u240D');
            assertEquals(expected, shown);
        }
        assertEquals(
                Integer.toString(count), browser.evaluate("document.querySelectorAll('details[open] pre').length"));
    }

    @Test
    void nothingIsWiderThanAPhone() throws IOException, InterruptedException {
        browser.show(360, 800, "dark");
        try {
            browser.evaluate("document.querySelectorAll('details').forEach(one => one.dataset.was = one.open)");
            browser.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");
            // below 360 by the width of a scroll bar
            String width = browser.evaluate("document.documentElement.clientWidth");
            assertEquals(width, browser.evaluate("document.documentElement.scrollWidth"));
            assertEquals("360", browser.evaluate("innerWidth"));
            assertEquals("rgb(20, 23, 27)", browser.evaluate("getComputedStyle(document.body).backgroundColor"));
        } finally {
            browser.evaluate(
                    "document.querySelectorAll('details').forEach(one => one.open = one.dataset.was === 'true')");
            browser.show(1280, 900, "light");
        }
    }
}

package dev.microgpt.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.cli.SmallTraining;
import dev.microgpt.cli.page.Browser;
import dev.microgpt.train.internal.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every view of a page with many scripts: by keyboard, on a phone, in the dark, and as screen readers see it. */
@Tag("browser")
@Timeout(300)
class ExplainViewsTest {
    /** The views, and what is selected in them. */
    private static final List<String> ADDRESSES = List.of(
            "overview",
            "operations/0/1,1",
            "operations/5/2,3",
            "operations/tensor-0",
            "attention/1/3/4",
            "stream/2",
            "lens",
            "ablations",
            "drawing/2");

    /** The same of a page with a training step. */
    private static final List<String> ADDRESSES_OF_STEP =
            List.of("training", "training/operations/5/1,1", "training/weights/wte/2,3");

    private static final int MOST_KEYS = 400;

    /** Links to numbers that an operation computed. */
    private static final String COMPUTED = ".term a.number:not([href*=tensor-])";

    @TempDir
    static Path folder;

    private static ExplainBrowser page;
    private static Path file;
    private static Path step;

    @BeforeAll
    static void makeThePage() throws IOException, InterruptedException {
        page = new ExplainBrowser(folder);
        file = ExplainedModel.ALL.get(1).page(folder);
        Path data = Files.writeString(folder.resolve("text.txt"), SmallTraining.TEXT);
        Path run = folder.resolve("run");
        SmallTraining.run(data, run);
        step = ExplainedModel.stepPage(run, data, folder.resolve("step.html"));
    }

    @AfterAll
    static void close() {
        if (page != null) {
            page.close();
        }
    }

    @BeforeEach
    void open() throws IOException, InterruptedException {
        page.browser.show(1280, 900, "light");
        page.browser.open(file);
    }

    @Test
    void everyViewIsReachedAndANumberSelectedByKeysAlone() throws IOException, InterruptedException {
        for (String view : ExplainBrowser.VIEWS) {
            pressUntil("Tab", "document.activeElement.getAttribute('href') === '#" + view + "'");
            assertFocusIsVisible();
            page.browser.press("Enter");
            page.settle();
            assertEquals("H2", page.browser.evaluate("document.activeElement.tagName"), view);
            assertEquals(
                    "true", page.browser.evaluate("document.querySelector('main').contains(document.activeElement)"));
            if (page.browser
                    .evaluate("document.querySelectorAll('main [role=grid]').length")
                    .equals("0")) {
                pressUntil("Tab", "document.activeElement.matches('main summary, main input')");
            } else {
                pressUntil("Tab", "document.activeElement.getAttribute('role') === 'gridcell'");
                for (String key : List.of("Home", "PageUp", "PageUp")) { // a view may open at its end
                    page.browser.press(key);
                }
                page.browser.press("ArrowDown");
                page.browser.press("ArrowRight");
                assertEquals(
                        "3 3",
                        page.browser.evaluate("document.activeElement.parentElement.ariaRowIndex + ' '"
                                + " + document.activeElement.ariaColIndex"),
                        view);
                assertFocusIsVisible();
            }
            pressUntil("Shift+Tab", "document.activeElement.getAttribute('href') === '#" + view + "'");
        }
        page.checkIsQuiet();
    }

    @Test
    void operationsAndAttentionOpenAtTheEndWithANumberTakenApart() throws IOException, InterruptedException {
        String place = "JSON.stringify([document.activeElement.tagName, document.querySelectorAll('.term').length > 0,"
                + " Number(document.querySelector('[aria-selected=true]').parentElement.ariaRowIndex) - 1,"
                + " Number(document.querySelector('.element').dataset.row) + 1])";
        int rows = Integer.parseInt(page.browser.evaluate("data.tokens.length"));
        String last = "[\"H2\",true," + rows + "," + rows + "]";
        for (String view : List.of("operations", "attention")) {
            page.browser.evaluate("document.querySelector('#views a[href=\"#" + view + "\"]').focus()");
            assertEquals(last, page.read(place, view), view);
            assertEquals("0", page.browser.evaluate("scrollY"), view);
        }
        page.go("operations");
        assertEquals(
                page.browser.evaluate("data.positions.at(-1).top[0][0]"),
                page.browser.evaluate("document.querySelector('.element').dataset.column"),
                "the likeliest token");
        String titles = "[...document.querySelectorAll('details.list a')]"
                + ".filter(link => / \\w+ \u2192 layer\\d\\.attn_q /.test(link.textContent))";
        assertEquals(page.browser.evaluate("data.attention.length"), page.browser.evaluate(titles + ".length"));
        page.checkIsQuiet();
    }

    @Test
    void keysWalkFromALogitToAWeightAndBack() throws IOException, InterruptedException {
        List<?> steps = ExplainedModel.ALL.get(1).steps();
        page.go("operations/" + (steps.size() - 1));
        pressUntil("Tab", "document.activeElement.getAttribute('role') === 'gridcell'");
        page.browser.press("Enter");
        page.settle();
        page.settle();
        int walked = 0;
        while (!page.browser
                .evaluate("document.querySelector('.element').dataset.kind")
                .equals("weight")) {
            String from = page.browser.evaluate("location.hash");
            // the embedding has only links to weights, all others also read what was computed
            String wanted = page.browser
                            .evaluate("document.querySelectorAll('" + COMPUTED + "').length")
                            .equals("0")
                    ? ".term a.number"
                    : COMPUTED;
            pressUntil("Tab", "document.activeElement.matches('" + wanted + "')");
            page.browser.press("Enter");
            page.settle();
            assertEquals("gridcell", page.browser.evaluate("document.activeElement.getAttribute('role')"), from);
            assertEquals("true", page.browser.evaluate("document.activeElement.ariaSelected"), from);
            walked++;
            assertTrue(walked < 100, from);
        }
        assertTrue(walked >= 10, walked + " operations");
        assertTrue(page.browser.evaluate("location.hash").startsWith("#operations/tensor-"));
        page.browser.press("Escape");
        assertEquals("0", page.browser.evaluate("document.querySelectorAll('.element').length"));
        assertEquals("gridcell", page.browser.evaluate("document.activeElement.getAttribute('role')"));
        page.checkIsQuiet();
    }

    @Test
    void keysTakeAnOperationAndAWeightOfATrainingStepApart() throws IOException, InterruptedException {
        page.browser.open(step);
        for (String address : List.of("#training", "#training/weights")) {
            pressUntil("Tab", "document.activeElement.getAttribute('href') === '" + address + "'");
            assertFocusIsVisible();
            page.browser.press("Enter");
            page.settle();
            pressUntil("Tab", "document.activeElement.getAttribute('role') === 'gridcell'");
            page.browser.press("Enter");
            page.settle();
            String expected = address.equals("#training") ? "operation" : "weight";
            assertEquals(
                    expected,
                    page.browser.evaluate(
                            "document.querySelector('.element').dataset.weight ? 'weight' : 'operation'"));
            page.browser.press("Escape");
            assertEquals("0", page.browser.evaluate("document.querySelectorAll('.element').length"));
            page.browser.press("Home"); // and back to the links from there
            pressUntil("Shift+Tab", "document.activeElement.getAttribute('href') === '#training'");
        }
        page.checkIsQuiet();
    }

    private static void pressUntil(String key, String condition) throws IOException, InterruptedException {
        for (int i = 0; i < MOST_KEYS; i++) {
            page.browser.press(key);
            if (page.browser.evaluate(condition).equals("true")) {
                return;
            }
        }
        throw new AssertionError(key + " does not lead to " + condition + ", but to "
                + page.browser.evaluate("document.activeElement.outerHTML"));
    }

    private static void assertFocusIsVisible() throws IOException, InterruptedException {
        assertEquals(
                "solid true",
                page.browser.evaluate("getComputedStyle(document.activeElement).outlineStyle + ' '"
                        + " + (parseFloat(getComputedStyle(document.activeElement).outlineWidth) >= 2)"));
    }

    @Test
    void noViewIsWiderThanAPhone() throws IOException, InterruptedException {
        page.browser.show(360, 800, "light");
        onEachView(address -> {
            // below 360 by the width of a scroll bar
            String width = page.browser.evaluate("document.documentElement.clientWidth");
            assertEquals(width, page.browser.evaluate("document.documentElement.scrollWidth"), address);
        });
    }

    @Test
    void textsHaveContrastInBothModes() throws IOException, InterruptedException {
        for (String mode : List.of("light", "dark")) {
            page.browser.show(1280, 900, mode);
            onEachView(address -> assertEquals("", page.browser.evaluate(Browser.TOO_WEAK), mode + " " + address));
        }
    }

    @Test
    void whateverTakesTheFocusHasANameAndARole() throws IOException, InterruptedException {
        int[] named = {0};
        for (int width : new int[] {1280, 360}) { // where tables scroll, and so take the focus
            page.browser.show(width, 800, "light");
            onEachView(address -> {
                List<String> nameless = new ArrayList<>();
                String tree = page.browser.call("Accessibility.getFullAXTree", "{}");
                Map<?, ?> result = (Map<?, ?>) Json.readObject("the tree", tree).get("result");
                for (Object each : (List<?>) result.get("nodes")) {
                    Map<?, ?> node = (Map<?, ?>) each;
                    if (isFocusable(node)) {
                        named[0]++;
                        if (text(node, "name").isBlank() || text(node, "role").equals("generic")) {
                            nameless.add(node.toString());
                        }
                    }
                }
                assertEquals(List.of(), nameless, width + " " + address);
            });
        }
        assertTrue(named[0] > 500, named[0] + " nodes");
    }

    private interface Check {
        void of(String address) throws IOException, InterruptedException;
    }

    /** Opens each view with everything in it that can be opened. */
    private static void onEachView(Check check) throws IOException, InterruptedException {
        for (Path each : List.of(file, step)) {
            page.browser.open(each);
            for (String address : each == file ? ADDRESSES : ADDRESSES_OF_STEP) {
                page.go(address);
                page.browser.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)");
                page.settle();
                check.of(address);
            }
            page.checkIsQuiet();
        }
    }

    private static boolean isFocusable(Map<?, ?> node) {
        if (node.get("properties") instanceof List<?> properties && !Boolean.TRUE.equals(node.get("ignored"))) {
            for (Object property : properties) {
                if ("focusable".equals(((Map<?, ?>) property).get("name"))) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String text(Map<?, ?> node, String name) {
        return node.get(name) instanceof Map<?, ?> value ? String.valueOf(value.get("value")) : "";
    }

    @Test
    void addressesOfAnotherPageLeadToAView() throws IOException, InterruptedException {
        for (Path each : List.of(file, step)) {
            page.browser.open(each);
            for (String address : List.of(
                    "nothing",
                    "%",
                    "operations/999/9,9",
                    "operations/5/999,1",
                    "operations/tensor-9999/x",
                    "operations//",
                    "operations/tensor-/0",
                    "attention/9/9/9/9",
                    "attention/0/1/999",
                    "stream/x",
                    "stream/999",
                    "lens/1",
                    "drawing/999",
                    "training/nothing",
                    "training/operations/1/-1,2",
                    "training/weights/none/1,1",
                    "training/weights/wte/9999,9999",
                    "training/weights/wte/1")) {
                page.go(address);
                assertEquals("1", page.browser.evaluate("document.querySelectorAll('#views [aria-current]').length"));
                assertEquals("1", page.browser.evaluate("document.querySelectorAll('main h2').length"), address);
            }
            page.checkIsQuiet();
        }
    }

    @Test
    void tokensOfEveryScriptAreIsolatedAndSpacesSeen() throws IOException, InterruptedException {
        page.go("overview");
        assertEquals(
                "\uC548 \uB155 \u2423 \u05E9 \u05DC \u05D5 \u21B5 \uD83D\uDE42 < a & b",
                page.browser.evaluate(
                        "[...document.querySelectorAll('.strip bdi')].map(t => t.textContent).join(' ')"));
    }
}

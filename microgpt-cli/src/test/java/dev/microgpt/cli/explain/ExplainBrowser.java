package dev.microgpt.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.microgpt.cli.page.Browser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A browser that shows the pages of {@code microgpt explain}. */
final class ExplainBrowser implements AutoCloseable {
    /** The views of a page without a training step. */
    static final List<String> VIEWS =
            List.of("overview", "operations", "attention", "stream", "lens", "ablations", "drawing");

    final Browser browser;

    /** Starts it, or skips the test where there is none. */
    ExplainBrowser(Path folder) throws IOException, InterruptedException {
        Path program = Browser.program();
        assumeTrue(program != null, "no Chromium on the path");
        browser = new Browser(program, folder.resolve("profile"));
        browser.show(1280, 900, "light");
    }

    /** Follows a link within the page; the view is shown when this returns. */
    void go(String address) throws IOException, InterruptedException {
        read("", address);
    }

    /** Follows a link within the page, and returns what an expression gives afterwards. */
    String read(String expression, String address) throws IOException, InterruptedException {
        return browser.evaluate("new Promise(done => { if (location.hash === '#" + address + "') { done(); }"
                + " addEventListener('hashchange', () => done(), { once: true }); location.hash = '" + address + "'; })"
                + ".then(() => { " + (expression.isEmpty() ? "" : "return " + expression) + " })");
    }

    /** Waits until the page has done and drawn what it was asked for. */
    void settle() throws IOException, InterruptedException {
        browser.evaluate("new Promise(done => setTimeout(() => requestAnimationFrame(() => setTimeout(done))))");
    }

    /** No error, no exception, nothing refused, and no request to the network. */
    void checkIsQuiet() throws IOException, InterruptedException {
        assertEquals(List.of(), browser.complaints());
        assertEquals(List.of(), browser.requests());
    }

    @Override
    public void close() {
        browser.close();
    }
}

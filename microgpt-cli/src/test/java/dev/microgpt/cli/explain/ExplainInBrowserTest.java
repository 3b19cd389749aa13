package dev.microgpt.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.model.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One page of {@code microgpt explain} in a browser, if this machine has one; the tests tagged browser try more. */
@Timeout(120)
class ExplainInBrowserTest {
    @TempDir
    Path folder;

    @Test
    void everyViewOpensWithoutAnErrorOrARequestAndTheLogitsAreTheLibrarys() throws IOException, InterruptedException {
        try (ExplainBrowser page = new ExplainBrowser(folder)) {
            page.browser.open(ExplainedModel.MICROGPT.page(folder));
            assertEquals(
                    String.join(" ", ExplainBrowser.VIEWS),
                    page.browser.evaluate(
                            "[...document.querySelectorAll('#views a')].map(a => a.hash.slice(1)).join(' ')"));
            for (String view : ExplainBrowser.VIEWS) {
                String name = page.read("document.querySelector('#views [aria-current]').hash", view);
                assertEquals("#" + view, name);
            }
            List<Trace.Step> steps = ExplainedModel.MICROGPT.steps();
            int last = steps.size() - 1;
            double logit = steps.get(last).output().data()[2 * 27 + 5];
            String shown =
                    page.read("document.querySelector('.element output').textContent", "operations/" + last + "/2,5");
            assertEquals(logit, Double.parseDouble(shown));
            page.checkIsQuiet();
        }
    }
}

package dev.microgpt.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.train.internal.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainPageTest {
    private static final Path RESOURCES = Path.of("src/main/resources/dev/microgpt/cli/explain");

    private static String between(String text, String start, String end) {
        int from = text.indexOf(start) + start.length();
        return text.substring(from, text.indexOf(end, from));
    }

    private static String hash(String text) {
        byte[] hash = Sha256.digest().digest(text.getBytes(StandardCharsets.UTF_8));
        return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    }

    @Test
    void thePolicyAllowsItsOwnStyleAndScriptAndNothingElse() throws IOException {
        String page = ExplainPage.of("title", "{}");
        String css = between(page, "<style>", "</style>");
        String js = between(page, "id=\"data\">{}</script>\n<script>", "</script>");
        assertEquals(
                "default-src 'none'; style-src " + hash(css) + "; script-src " + hash(js)
                        + "; img-src data:; base-uri 'none'; form-action 'none'",
                between(page, "Content-Security-Policy\" content=\"", "\">"));
        assertFalse(page.contains("src=\"") || page.contains("@import"), "nothing is loaded");
    }

    @Test
    void everyPartOfTheScriptIsInThePageOnce() throws IOException {
        String page = ExplainPage.of("title", "{}");
        try (Stream<Path> files = Files.list(RESOURCES)) {
            List<Path> parts =
                    files.filter(file -> file.toString().endsWith(".js")).toList();
            for (Path part : parts) {
                String script = Files.readString(part);
                int at = page.indexOf(script);
                assertTrue(at >= 0 && page.indexOf(script, at + 1) < 0, part.toString());
            }
            assertEquals(10, parts.size());
        }
    }

    @Test
    void titlesAreTextAndValuesAreNotSearchedForNames() throws IOException {
        String page = ExplainPage.of("<b>{{css}}</b>", "{\"text\":\"{{js}}\"}");
        assertTrue(page.contains("<title>&lt;b&gt;{{css}}&lt;/b&gt;</title>"));
        assertTrue(page.contains("id=\"data\">{\"text\":\"{{js}}\"}</script>"));
    }

    @Test
    void onlySuchAPageIsReplaced(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("explain.html");
        ExplainPage.checkReplaceable(file);
        Files.writeString(file, ExplainPage.of("title", "{}"));
        ExplainPage.checkReplaceable(file);
        for (String other :
                List.of("", "<!doctype html>\n", "<!doctype html>\n<!-- the report of a run of microgpt -->\n")) {
            Files.writeString(file, other);
            FileSystemException refused =
                    assertThrows(FileSystemException.class, () -> ExplainPage.checkReplaceable(file));
            assertTrue(String.valueOf(refused.getReason()).contains("is not a page of microgpt explain"));
        }
        assertThrows(FileSystemException.class, () -> ExplainPage.checkReplaceable(folder));
    }
}

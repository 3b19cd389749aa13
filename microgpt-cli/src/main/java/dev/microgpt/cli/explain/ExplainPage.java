package dev.microgpt.cli.explain;

import dev.microgpt.cli.page.Html;
import dev.microgpt.cli.page.Template;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The page that shows what {@link Explanation} tells: all numbers of a forward pass, and where each comes from. */
public final class ExplainPage {
    /** The beginning of every page, which distinguishes it from other files. */
    private static final String BEGINNING = "<!doctype html>\n<!-- what a model of microgpt computes from a text -->\n";

    private ExplainPage() {}

    /**
     * Returns the page.
     *
     * @param title the title of the page, plain text
     * @param json  what it shows; it contains no "&lt;", which could end its element
     */
    public static String of(String title, String json) throws IOException {
        Template template = new Template(ExplainPage.class);
        Map<String, String> values = new HashMap<>();
        template.putStyle(values, Template.COLORS, "explain.css");
        template.putScript(
                values,
                "data.js",
                "grid.js",
                "terms.js",
                "overview.js",
                "operations.js",
                "attention.js",
                "inside.js",
                "drawing.js",
                "training.js",
                "main.js");
        values.put("title", Html.escaped(title));
        values.put("data", json);
        return BEGINNING + template.filled("explain.html", values);
    }

    /**
     * Refuses to replace a file that is not such a page.
     *
     * @throws FileSystemException if the file exists and is something else
     */
    public static void checkReplaceable(Path page) throws IOException {
        Template.checkReplaceable(
                page, BEGINNING, "it already exists and is not a page of microgpt explain; choose another name");
    }
}

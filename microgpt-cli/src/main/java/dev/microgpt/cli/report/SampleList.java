package dev.microgpt.cli.report;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/** The samples of a run, newest first, as many as the page has room for. */
final class SampleList {
    private static final int MOST_BYTES = 200_000;
    private static final int MOST_CHARS = 10_000;
    private static final int BEFORE_FOLD = 5;

    private SampleList() {}

    static String of(History history, String metricsFile) {
        StringBuilder html = new StringBuilder();
        int bytes = 0;
        int shown = 0;
        for (Iterator<SamplesLine> newestFirst = history.samples.descendingIterator(); newestFirst.hasNext(); ) {
            String set = set(newestFirst.next(), shown == 0);
            bytes += set.getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MOST_BYTES && shown > 0) {
                break;
            }
            if (shown == BEFORE_FOLD) {
                html.append("<details><summary>Earlier ones</summary>\n");
            }
            html.append(set);
            shown++;
        }
        html.append(shown > BEFORE_FOLD ? "</details>\n" : "");
        if (shown == 0) {
            return "<p>None yet.</p>\n";
        }
        int left = history.samples.size() - shown + history.samplesDropped();
        if (left > 0) {
            html.append("<p>The samples of ").append(Numbers.grouped(left)).append(" earlier steps are in ");
            html.append(Html.escaped(metricsFile)).append(".</p>\n");
        }
        return html.toString();
    }

    private static String set(SamplesLine line, boolean open) {
        StringBuilder html = new StringBuilder(open ? "<details open>" : "<details>");
        html.append("<summary>After ").append(Numbers.grouped(line.step())).append(" steps</summary>\n<ol>\n");
        int room = MOST_BYTES / 2;
        for (String text : line.texts()) {
            // a line feed right after <pre> is not part of the text
            html.append("<li><pre dir=\"auto\">\n");
            html.append(Html.escaped(beginning(text, Math.min(room, MOST_CHARS))))
                    .append("</pre></li>\n");
            room = Math.max(0, room - text.length());
        }
        return html.append("</ol></details>\n").toString();
    }

    private static String beginning(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, most) + "\u2026 (" + Numbers.grouped(text.length() - most) + " more characters)";
    }
}

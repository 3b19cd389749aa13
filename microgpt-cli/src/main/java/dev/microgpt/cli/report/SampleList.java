package dev.microgpt.cli.report;

import dev.microgpt.cli.page.Html;
import dev.microgpt.train.internal.metrics.History;
import dev.microgpt.train.internal.metrics.SamplesLine;
import java.nio.charset.StandardCharsets;

/** The samples of a run, newest first, up to the size that the page has room for. */
final class SampleList {
    private static final int MOST_BYTES = 200_000;
    private static final int MOST_CHARS = 10_000;
    private static final int BEFORE_FOLD = 5;

    private SampleList() {}

    static String of(History history, String metricsFile) {
        Html html = new Html();
        int bytes = 0;
        int shown = 0;
        for (int i = history.samples.size() - 1; i >= 0; i--) {
            Html set = set(history.samples.get(i), shown == 0);
            bytes += set.toString().getBytes(StandardCharsets.UTF_8).length;
            if (bytes > MOST_BYTES && shown > 0) {
                break;
            }
            if (shown == BEFORE_FOLD) {
                html.open("details").element("summary", "Earlier samples").newLine();
            }
            html.append(set);
            shown++;
        }
        if (shown > BEFORE_FOLD) {
            html.close("details").newLine();
        }
        if (shown == 0) {
            return html.element("p", "None yet.").newLine().toString();
        }
        int left = history.samples.size() - shown + history.samplesDropped();
        if (left > 0) {
            html.element("p", "The samples of " + Numbers.grouped(left) + " earlier steps are in " + metricsFile + ".")
                    .newLine();
        }
        return html.toString();
    }

    private static Html set(SamplesLine line, boolean open) {
        Html html = new Html().open(open ? "details open" : "details");
        html.element("summary", "After " + Numbers.grouped(line.step()) + " steps")
                .newLine();
        html.open("ol").newLine();
        int room = MOST_BYTES / 2;
        for (String text : line.texts()) {
            html.open("li")
                    .open("pre", "dir", "auto")
                    .newLine(); // a line feed right after <pre> is not part of the text
            html.text(beginning(text, Math.min(room, MOST_CHARS)))
                    .close("pre")
                    .close("li")
                    .newLine();
            room = Math.max(0, room - text.length());
        }
        return html.close("ol").close("details").newLine();
    }

    private static String beginning(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        return text.substring(0, most) + "\u2026 (" + Numbers.grouped(text.length() - most) + " more characters)";
    }
}

package dev.microgpt.benchmarks.report;

/**
 * A text with parts that can be replaced, each between the markers {@code <!-- begin name -->} and
 * {@code <!-- end name -->}.
 */
final class MarkedDocument {
    private String text;

    MarkedDocument(String text) {
        this.text = text;
    }

    /**
     * Replaces a part and leaves its markers.
     *
     * @throws IllegalArgumentException if there are no such markers
     */
    void replace(String name, String content) {
        String begin = "<!-- begin " + name + " -->\n";
        String end = "<!-- end " + name + " -->";
        int from = text.indexOf(begin);
        int to = text.indexOf(end, Math.max(0, from));
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException("found no part \"" + name + "\" in the document; put the lines "
                    + begin.strip() + " and " + end + " where it belongs");
        }
        text = text.substring(0, from + begin.length()) + "\n" + content.strip() + "\n\n" + text.substring(to);
    }

    @Override
    public String toString() {
        return text;
    }
}

package dev.microgpt.benchmarks.report;

/** A document with parts that can be replaced, between {@code <!-- begin name -->} and {@code <!-- end name -->}. */
final class MarkedDocument {
    private String text;

    MarkedDocument(String text) {
        this.text = text;
    }

    /**
     * Replaces what is between two markers.
     *
     * @throws IllegalArgumentException if the document does not have them
     */
    void replace(String name, String content) {
        String begin = "<!-- begin " + name + " -->\n";
        String end = "<!-- end " + name + " -->";
        int from = text.indexOf(begin);
        int to = text.indexOf(end, Math.max(0, from));
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException("the document has no part \"" + name + "\"; put the lines "
                    + begin.strip() + " and " + end + " where its figures belong");
        }
        text = text.substring(0, from + begin.length()) + "\n" + content.strip() + "\n\n" + text.substring(to);
    }

    @Override
    public String toString() {
        return text;
    }
}

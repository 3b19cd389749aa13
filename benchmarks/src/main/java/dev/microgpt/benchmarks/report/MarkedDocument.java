package dev.microgpt.benchmarks.report;

/** A document with parts that can be replaced, between {@code <!-- begin name -->} and {@code <!-- end name -->}. */
final class MarkedDocument {
    private String text;

    MarkedDocument(String text) {
        this.text = text;
    }

    /**
     * Returns what is between two markers, without the blank lines around it.
     *
     * @throws IllegalArgumentException if the document does not have them
     */
    String part(String name) {
        return text.substring(begin(name), end(name)).strip();
    }

    /**
     * Replaces what is between two markers.
     *
     * @throws IllegalArgumentException if the document does not have them
     */
    void replace(String name, String content) {
        text = text.substring(0, begin(name)) + "\n" + content.strip() + "\n\n" + text.substring(end(name));
    }

    private int begin(String name) {
        String begin = "<!-- begin " + name + " -->\n";
        int at = text.indexOf(begin);
        if (at < 0) {
            throw missing(name);
        }
        return at + begin.length();
    }

    private int end(String name) {
        int at = text.indexOf("<!-- end " + name + " -->", begin(name));
        if (at < 0) {
            throw missing(name);
        }
        return at;
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException("the document has no part \"" + name + "\"; put the lines <!-- begin "
                + name + " --> and <!-- end " + name + " --> where its figures belong");
    }

    @Override
    public String toString() {
        return text;
    }
}

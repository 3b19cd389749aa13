package dev.microgpt.benchmarks.report;

import java.util.List;
import java.util.Locale;

/** A self-contained picture with colours for a light and a dark background. */
final class Svg {
    static final int FONT_SIZE = 13;

    private static final String STYLE = """
            <style>
              text { font: %dpx system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1b1f24; }
              .ground { fill: #ffffff; }
              .grid { stroke: #d7dce1; stroke-width: 1; }
              .leader { stroke: #8b949e; stroke-width: 1; }
              .one { stroke: #0b63b0; fill: #0b63b0; }
              .two { stroke: #a8480a; fill: #a8480a; }
              .guide { stroke: #6b7480; fill: #6b7480; }
              .line { fill: none; stroke-width: 2; }
              .dashed { stroke-dasharray: 6 5; }
              @media (prefers-color-scheme: dark) {
                text { fill: #e6edf3; }
                .ground { fill: #0d1117; }
                .grid { stroke: #30363d; }
                .one { stroke: #6cb6ff; fill: #6cb6ff; }
                .two { stroke: #f0a050; fill: #f0a050; }
                .guide { stroke: #9aa4af; fill: #9aa4af; }
                .line { fill: none; }
              }
            </style>
            """;

    private final StringBuilder text = new StringBuilder();

    /**
     * Begins a picture.
     *
     * @param title       shown at the top
     * @param description for readers who cannot see the picture
     */
    Svg(int width, int height, String title, String description) {
        text.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\""
                        + " role=\"img\" aria-labelledby=\"title desc\">%n",
                width,
                height,
                width,
                height));
        text.append("<title id=\"title\">").append(escaped(title)).append("</title>\n");
        text.append("<desc id=\"desc\">").append(escaped(description)).append("</desc>\n");
        text.append(String.format(Locale.ROOT, STYLE, FONT_SIZE));
        append("<rect class=\"ground\" width=\"%d\" height=\"%d\"/>", width, height);
        text(width / 2.0, 24, "middle", title);
    }

    /** A straight line; {@code style} names classes of the style sheet. */
    void line(String style, double x1, double y1, double x2, double y2) {
        append("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", style, x1, y1, x2, y2);
    }

    /** A line through points, given as alternating x and y. */
    void polyline(String style, List<Double> points) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < points.size(); i += 2) {
            list.append(String.format(Locale.ROOT, "%.1f,%.1f ", points.get(i), points.get(i + 1)));
        }
        append("<polyline class=\"%s\" points=\"%s\"/>", style, list.toString().strip());
    }

    /** A line of a style with its meaning to the right of it. */
    void legend(String style, double x, double y, int length, String meaning) {
        line(style, x, y, x + length, y);
        text(x + length + length / 4, y + 4, "start", meaning);
    }

    void dot(String style, double x, double y) {
        append("<circle class=\"%s\" cx=\"%.1f\" cy=\"%.1f\" r=\"4\"/>", style, x, y);
    }

    /** A filled rectangle. */
    void bar(String style, double x, double y, double width, double height) {
        append("<rect class=\"%s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", style, x, y, width, height);
    }

    /** A text; {@code anchor} is start, middle or end, and y is the baseline. */
    void text(double x, double y, String anchor, String content) {
        append("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>", x, y, anchor, escaped(content));
    }

    /** A text that runs upwards. */
    void sidewaysText(double x, double y, String content) {
        append(
                "<text transform=\"translate(%.1f %.1f) rotate(-90)\" text-anchor=\"middle\">%s</text>",
                x, y, escaped(content));
    }

    /** The approximate width of a text in the widest of the usual fonts. */
    static double width(String content) {
        return 0.66 * FONT_SIZE * content.length();
    }

    @Override
    public String toString() {
        return text + "</svg>\n";
    }

    private void append(String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    private static String escaped(String content) {
        return content.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}

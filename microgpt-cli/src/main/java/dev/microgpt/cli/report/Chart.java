package dev.microgpt.cli.report;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One chart as HTML. The curves are stretched to the width that the page has; the labels are not, so that they stay
 * readable on a phone.
 *
 * @param id     names the chart in the page
 * @param title  its heading, with the unit
 * @param height of the drawing, in pixels
 * @param x      the axis of the steps
 * @param y      the axis of the values
 * @param curves from the back to the front; each has a point, the first has the steps that the cursor stops at
 * @param mark   a horizontal line, or null
 */
record Chart(
        String id,
        String title,
        int height,
        Axis x,
        Axis y,
        List<Curve> curves,
        @Nullable Mark mark) {
    /** Coordinates of the curves are whole numbers from 0 to this. */
    static final int UNITS = 100_000;

    /** Of more evaluations than this, the points are not drawn, only the line that joins them. */
    static final int MOST_DOTS = 100;

    private static final int LINE_HEIGHT = 17;
    private static final int TEXT_ASCENT = 12;
    private static final int TEXT_DESCENT = 4;
    private static final int AROUND_LINE = 4;
    // names lie over this last part of the steps: all of it that they cover on a phone
    private static final double LEGEND_FROM = 0.3;
    // this part of the highest points, and of the lowest, may be covered
    private static final double PEAKS = 0.02;

    /** A horizontal line with a name. */
    record Mark(double value, String name) {}

    void appendTo(StringBuilder html) {
        html.append("<section class=\"chart\" aria-labelledby=\"").append(id).append("-title\">\n");
        html.append("<h2 id=\"").append(id).append("-title\">").append(Html.escaped(title));
        html.append("</h2>\n<p class=\"readout\" id=\"").append(id).append("-readout\" aria-live=\"polite\"></p>\n");
        html.append("<div class=\"frame\"><svg class=\"plot\" id=\"").append(id);
        html.append("\" height=\"").append(height).append("\" role=\"img\" aria-label=\"");
        html.append(Html.escaped(description())).append("\">\n");
        appendGrid(html);
        appendMark(html);
        html.append("<svg width=\"100%\" height=\"100%\" viewBox=\"0 0 ")
                .append(UNITS)
                .append(' ')
                .append(UNITS);
        html.append("\" preserveAspectRatio=\"none\">\n");
        for (int i = 0; i < curves.size(); i++) {
            appendPath(html, curves.get(i), i);
        }
        html.append("</svg>\n");
        for (Curve curve : curves) {
            appendDots(html, curve);
        }
        appendNames(html);
        html.append("</svg></div>\n</section>\n");
    }

    private String description() {
        StringBuilder text = new StringBuilder(title).append(" over steps");
        for (Curve curve : curves) {
            int last = curve.size() - 1;
            text.append("; ").append(curve.name()).append(": from ");
            text.append(Numbers.significant(curve.values()[0], 4)).append(" at step ");
            text.append(Numbers.grouped((long) curve.steps()[0])).append(" to ");
            text.append(Numbers.significant(curve.values()[last], 4)).append(" at step ");
            text.append(Numbers.grouped((long) curve.steps()[last]));
        }
        return text.toString();
    }

    private void appendGrid(StringBuilder html) {
        html.append("<g class=\"grid\" aria-hidden=\"true\">\n");
        for (Axis.Tick tick : y.ticks()) {
            String place = percent(1 - y.position(tick.value()));
            html.append("<line x2=\"100%\" y1=\"")
                    .append(place)
                    .append("\" y2=\"")
                    .append(place)
                    .append("\"/>");
            html.append("<text class=\"y\" x=\"-8\" dy=\".35em\" y=\"")
                    .append(place)
                    .append("\">");
            html.append(tick.label()).append("</text>\n");
        }
        for (Axis.Tick tick : x.ticks()) {
            String place = percent(x.position(tick.value()));
            html.append("<text class=\"x\" y=\"100%\" dy=\"1.5em\" x=\"")
                    .append(place)
                    .append("\">");
            html.append(tick.label()).append("</text>\n");
        }
        html.append("<text class=\"unit\" x=\"100%\" y=\"100%\" dy=\"2.9em\">step</text>\n</g>\n");
    }

    private void appendMark(StringBuilder html) {
        if (mark == null) {
            return;
        }
        String place = percent(1 - y.position(mark.value()));
        html.append("<line class=\"mark\" x2=\"100%\" y1=\"")
                .append(place)
                .append("\" y2=\"")
                .append(place);
        html.append("\"/>\n");
    }

    private void appendPath(StringBuilder html, Curve curve, int index) {
        html.append("<path class=\"")
                .append(curve.style())
                .append("\" data-line=\"")
                .append(index)
                .append("\" d=\"M");
        for (int i = 0; i < curve.size(); i++) {
            html.append(i == 0 ? "" : " ");
            html.append(Math.round(UNITS * x.position(curve.steps()[i]))).append(' ');
            html.append(Math.round(UNITS * (1 - y.position(curve.values()[i]))));
        }
        html.append("\"/>\n");
    }

    /** Evaluations are few enough to be seen one by one, and of a single point there is no line. */
    private void appendDots(StringBuilder html, Curve curve) {
        boolean evaluations = curve.style().equals(Curve.HELD_BACK);
        if (curve.size() > (evaluations ? MOST_DOTS : 1)) {
            return;
        }
        double lowest = curve.lowest();
        for (int i = 0; i < curve.size(); i++) {
            boolean best = evaluations && curve.values()[i] == lowest;
            html.append("<circle class=\"").append(curve.style()).append(best ? " best" : "");
            html.append("\" r=\"").append(best ? 5 : 2.5);
            html.append("\" cx=\"").append(percent(x.position(curve.steps()[i])));
            html.append("\" cy=\"")
                    .append(percent(1 - y.position(curve.values()[i])))
                    .append("\"/>\n");
        }
    }

    /** The name of the mark at its line, and those of the curves where they hide the least. */
    private void appendNames(StringBuilder html) {
        LegendPlace place = new LegendPlace(height);
        html.append("<svg x=\"100%\" class=\"names\" aria-hidden=\"true\">\n");
        if (mark != null) {
            double line = height * (1 - y.position(mark.value()));
            double baseline = line < LINE_HEIGHT ? line + LINE_HEIGHT - TEXT_DESCENT : line - TEXT_DESCENT;
            place.avoid(Math.min(baseline - TEXT_ASCENT, line) - AROUND_LINE, Math.max(baseline, line) + AROUND_LINE);
            html.append("<text class=\"mark\" x=\"-4\" y=\"")
                    .append(Numbers.fixed(baseline, 1))
                    .append("\">");
            html.append(Html.escaped(mark.name())).append("</text>\n");
        }
        if (curves.size() > 1) {
            appendCurveNames(html, place);
        }
        html.append("</svg>\n");
    }

    private void appendCurveNames(StringBuilder html, LegendPlace place) {
        for (Curve curve : curves) {
            avoid(place, curve);
        }
        Curve front = curves.get(curves.size() - 1);
        double end = height * (1 - y.position(front.values()[front.size() - 1]));
        double top = place.top(curves.size() * LINE_HEIGHT, end);
        for (int i = 0; i < curves.size(); i++) {
            double baseline = top + i * LINE_HEIGHT + TEXT_ASCENT;
            String middle = Numbers.fixed(baseline - TEXT_DESCENT, 1);
            html.append("<line class=\"").append(curves.get(i).style()).append("\" x1=\"-26\" x2=\"-4\" y1=\"");
            html.append(middle).append("\" y2=\"").append(middle).append("\"/>");
            html.append("<text class=\"").append(curves.get(i).style()).append("\" x=\"-32\" y=\"");
            html.append(Numbers.fixed(baseline, 1)).append("\">");
            html.append(Html.escaped(curves.get(i).name())).append("</text>\n");
        }
    }

    /** Keeps the names away from the part of a curve that lies under them; of a thin one, from all but its peaks. */
    private void avoid(LegendPlace place, Curve curve) {
        double from = x.min() + LEGEND_FROM * (x.max() - x.min());
        double[] heights = new double[curve.size()];
        int size = 0;
        for (int i = 0; i < curve.size(); i++) {
            if (curve.steps()[i] >= from) {
                heights[size++] = height * (1 - y.position(curve.values()[i]));
            }
        }
        if (size == 0) {
            return;
        }
        Arrays.sort(heights, 0, size);
        if (curve.style().equals(Curve.EACH)) {
            int peaks = (int) (PEAKS * size);
            place.avoidIfPossible(heights[peaks], heights[size - 1 - peaks]);
        } else {
            place.avoid(heights[0] - AROUND_LINE, heights[size - 1] + AROUND_LINE);
        }
    }

    private static String percent(double part) {
        return Numbers.fixed(100 * part, 3) + "%";
    }
}

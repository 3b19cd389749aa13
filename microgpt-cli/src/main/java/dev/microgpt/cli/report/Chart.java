package dev.microgpt.cli.report;

import dev.microgpt.cli.page.Html;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One chart as HTML and SVG. The curves are stretched to the width of the page; the labels are not, so that they stay
 * readable on a phone.
 *
 * @param id     the id of the chart in the page
 * @param title  the heading, including the unit
 * @param height the height of the drawing in pixels
 * @param x      the axis of steps
 * @param y      the axis of values
 * @param curves from back to front; each has at least one point, and the cursor stops at the points of the first
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

    /** The largest number of evaluations that are drawn as dots on their curve. */
    static final int MOST_DOTS = 100;

    private static final int LINE_HEIGHT = 17;
    private static final int TEXT_ASCENT = 12;
    private static final int TEXT_DESCENT = 4;
    private static final int AROUND_LINE = 4;
    // curve names lie over the part of the chart from here to the right edge, as wide as they are on a phone
    private static final double LEGEND_FROM = 0.3;
    // the fraction of the highest points, and of the lowest, that curve names may cover
    private static final double PEAKS = 0.02;

    /** A horizontal line with a name. */
    record Mark(double value, String name) {}

    void appendTo(Html html) {
        html.open("section", "class", "chart", "aria-labelledby", id + "-title").newLine();
        html.element("h2", title, "id", id + "-title").newLine();
        html.element("p", "", "class", "readout", "id", id + "-readout", "aria-live", "polite")
                .newLine();
        html.open("div", "class", "frame");
        html.open("svg", "class", "plot", "id", id, "height", height, "role", "img", "aria-label", description());
        html.newLine();
        appendGrid(html);
        if (mark != null) {
            String place = top(mark.value());
            html.empty("line", "class", "mark", "x2", "100%", "y1", place, "y2", place)
                    .newLine();
        }
        String viewBox = "0 0 " + UNITS + " " + UNITS;
        html.open("svg", "width", "100%", "height", "100%", "viewBox", viewBox, "preserveAspectRatio", "none");
        html.newLine();
        for (int i = 0; i < curves.size(); i++) {
            Curve curve = curves.get(i);
            html.empty("path", "class", curve.style(), "data-line", i, "d", path(curve))
                    .newLine();
        }
        html.close("svg").newLine();
        for (Curve curve : curves) {
            appendDots(html, curve);
        }
        appendNames(html);
        html.close("svg").close("div").newLine().close("section").newLine();
    }

    /** Returns the chart with its lines only. */
    Chart withoutAreas() {
        List<Curve> lines = new ArrayList<>(curves);
        lines.removeIf(Curve::isArea);
        return new Chart(id, title, height, x, y, lines, mark);
    }

    private String description() {
        StringBuilder text = new StringBuilder(title).append(" over steps");
        for (Curve curve : withoutAreas().curves) {
            text.append("; ").append(curve.name()).append(": from ").append(point(curve, 0));
            text.append(" to ").append(point(curve, curve.size() - 1));
        }
        return text.toString();
    }

    private static String point(Curve curve, int index) {
        return Numbers.significant(curve.values()[index], 4) + " at step "
                + Numbers.grouped((long) curve.steps()[index]);
    }

    private void appendGrid(Html html) {
        html.open("g", "class", "grid", "aria-hidden", "true").newLine();
        for (Axis.Tick tick : y.ticks()) {
            String place = top(tick.value());
            html.empty("line", "x2", "100%", "y1", place, "y2", place);
            html.element("text", tick.label(), "class", "y", "x", "-8", "dy", ".35em", "y", place)
                    .newLine();
        }
        for (Axis.Tick tick : x.ticks()) {
            html.element("text", tick.label(), "class", "x", "y", "100%", "dy", "1.5em", "x", left(tick.value()))
                    .newLine();
        }
        html.element("text", "step", "class", "unit", "x", "100%", "y", "100%", "dy", "2.9em")
                .newLine();
        html.close("g").newLine();
    }

    private String path(Curve curve) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < curve.size(); i++) {
            path.append(i == 0 ? 'M' : ' ');
            path.append(Math.round(UNITS * x.position(curve.steps()[i]))).append(' ');
            path.append(Math.round(UNITS * (1 - y.position(curve.values()[i]))));
        }
        return path.toString();
    }

    /** Appends dots for evaluations if they are few, and for a single point, of which there is no line. */
    private void appendDots(Html html, Curve curve) {
        boolean evaluations = curve.style().equals(Curve.VALIDATION);
        if (curve.size() > (evaluations ? MOST_DOTS : 1)) {
            return;
        }
        double lowest = curve.lowest();
        for (int i = 0; i < curve.size(); i++) {
            double value = curve.values()[i];
            boolean best = evaluations && value == lowest;
            String style = curve.style() + (best ? " best" : "");
            html.empty("circle", "class", style, "r", best ? 5.0 : 2.5, "cx", left(curve.steps()[i]), "cy", top(value))
                    .newLine();
        }
    }

    /** Appends the name of the mark at its line, and the names of the curves where they cover the least. */
    private void appendNames(Html html) {
        LegendPlacement placement = new LegendPlacement(height);
        html.open("svg", "x", "100%", "class", "names", "aria-hidden", "true").newLine();
        if (mark != null) {
            double line = pixels(mark.value());
            double baseline = line < LINE_HEIGHT ? line + LINE_HEIGHT - TEXT_DESCENT : line - TEXT_DESCENT;
            placement.avoid(
                    Math.min(baseline - TEXT_ASCENT, line) - AROUND_LINE, Math.max(baseline, line) + AROUND_LINE);
            html.element("text", mark.name(), "class", "mark", "x", "-4", "y", Numbers.fixed(baseline, 1))
                    .newLine();
        }
        if (curves.size() > 1 && !curves.get(0).isOfMany()) {
            appendCurveNames(html, placement);
        }
        html.close("svg").newLine();
    }

    private void appendCurveNames(Html html, LegendPlacement placement) {
        for (Curve curve : curves) {
            avoid(placement, curve);
        }
        Curve front = curves.get(curves.size() - 1);
        double top = placement.top(curves.size() * LINE_HEIGHT, pixels(front.values()[front.size() - 1]));
        for (Curve curve : curves) {
            double baseline = top + TEXT_ASCENT;
            String middle = Numbers.fixed(baseline - TEXT_DESCENT, 1);
            html.empty("line", "class", curve.style(), "x1", "-26", "x2", "-4", "y1", middle, "y2", middle);
            html.element("text", curve.name(), "class", curve.style(), "x", "-32", "y", Numbers.fixed(baseline, 1));
            html.newLine();
            top += LINE_HEIGHT;
        }
    }

    /** Keeps names off the part of a curve below them; of a thin curve, off all but its peaks. */
    private void avoid(LegendPlacement placement, Curve curve) {
        double from = x.min() + LEGEND_FROM * (x.max() - x.min());
        double[] heights = new double[curve.size()];
        int size = 0;
        for (int i = 0; i < curve.size(); i++) {
            if (curve.steps()[i] >= from) {
                heights[size++] = pixels(curve.values()[i]);
            }
        }
        if (size == 0) {
            return;
        }
        Arrays.sort(heights, 0, size);
        if (curve.style().equals(Curve.EACH)) {
            int peaks = (int) (PEAKS * size);
            placement.avoidIfPossible(heights[peaks], heights[size - 1 - peaks]);
        } else {
            placement.avoid(heights[0] - AROUND_LINE, heights[size - 1] + AROUND_LINE);
        }
    }

    /** Returns the distance of a value from the upper edge, in pixels. */
    private double pixels(double value) {
        return height * (1 - y.position(value));
    }

    private String top(double value) {
        return percent(1 - y.position(value));
    }

    private String left(double step) {
        return percent(x.position(step));
    }

    private static String percent(double fraction) {
        return Numbers.fixed(100 * fraction, 3) + "%";
    }
}

package dev.microgpt.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/**
 * An area of a picture with two logarithmic axes, on which everything is drawn at its values.
 *
 * @param svg the picture
 * @param x   the horizontal axis
 * @param y   the vertical axis
 */
record Plot(Svg svg, LogAxis x, LogAxis y) {
    /** A pair of values. */
    record Point(double x, double y) {}

    /** Draws vertical grid lines with their values. */
    void xGrid(List<Double> values) {
        for (double value : values) {
            svg.line("grid", x.at(value), y.from(), x.at(value), y.to());
            svg.text(x.at(value), y.from() + 18, "middle", plain(value));
        }
    }

    /** Draws horizontal grid lines, with their values where no plot to the left has them. */
    void yGrid(List<Double> values, boolean labelled) {
        for (double value : values) {
            svg.line("grid", x.from(), y.at(value), x.to(), y.at(value));
            if (labelled) {
                svg.text(x.from() - 8, y.at(value) + 4, "end", plain(value));
            }
        }
    }

    void xTitle(String title) {
        svg.text(x.middle(), y.from() + 44, "middle", title);
    }

    void dot(String style, Point at) {
        svg.dot(style, x.at(at.x()), y.at(at.y()));
    }

    void line(String style, Point... points) {
        List<Double> pixels = new ArrayList<>();
        for (Point point : points) {
            pixels.add(x.at(point.x()));
            pixels.add(y.at(point.y()));
        }
        svg.polyline(style, pixels);
    }

    private static String plain(double value) {
        return value >= 1 ? String.valueOf(Math.round(value)) : String.valueOf((float) value);
    }
}

package dev.microgpt.benchmarks.report;

import dev.microgpt.benchmarks.report.Plot.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How the time of a training step grows with width, context and batch size, with one thread and with two. */
final class ScalingPicture {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 400;
    private static final int LEFT = 70;
    private static final int TOP = 76;
    private static final int BOTTOM = 60;
    private static final int PANEL = 235;
    private static final int GAP = 26;

    private ScalingPicture() {}

    /**
     * One of the plots next to each other.
     *
     * @param title of its horizontal axis
     * @param one   milliseconds of a step over the value of what is changed, with one thread
     * @param two   the same with two threads
     */
    private record Panel(String title, List<Point> one, List<Point> two) {
        static Panel of(Results results, String changed, String title) {
            return new Panel(title, points(results, changed, "oneThread"), points(results, changed, "twoThreads"));
        }

        private static List<Point> points(Results results, String changed, String method) {
            List<Point> points = new ArrayList<>();
            for (String point : results.values("ScalingBenchmark", "point")) {
                String[] parts = point.split(":");
                double millis = results.value("ScalingBenchmark." + method, Map.of("point", point), "ms");
                if (parts[0].equals(changed) && !Double.isNaN(millis)) {
                    points.add(new Point(Double.parseDouble(parts[1]), millis));
                }
            }
            return points;
        }

        Stream<Point> all() {
            return Stream.concat(one.stream(), two.stream());
        }
    }

    /** Returns the picture, empty if nothing of it was measured. */
    static String draw(Results results) {
        List<Panel> panels = List.of(
                Panel.of(results, "width", "channels"),
                Panel.of(results, "context", "positions"),
                Panel.of(results, "batch", "sequences"));
        List<Double> millis = panels.stream().flatMap(Panel::all).map(Point::y).toList();
        if (millis.isEmpty()) {
            return "";
        }
        LogAxis y = LogAxis.around(millis, HEIGHT - BOTTOM, TOP);
        Svg svg = new Svg(
                WIDTH,
                HEIGHT,
                "A training step of NANO with one measure changed, JDK " + results.jdk(),
                "Three panels, both axes logarithmic: milliseconds a step against channels, positions and sequences,"
                        + " with one thread and with two; a dashed line grows in proportion.");
        svg.legend("one line", 250, 48, 26, "1 thread");
        svg.legend("two line", 370, 48, 26, "2 threads");
        svg.legend("guide line dashed", 500, 48, 26, "in proportion");
        svg.sidewaysText(20, y.middle(), "milliseconds a step");
        for (int i = 0; i < panels.size(); i++) {
            List<Double> values = panels.get(i).all().map(Point::x).distinct().toList();
            if (!values.isEmpty()) {
                int left = LEFT + i * (PANEL + GAP);
                Plot plot = new Plot(svg, LogAxis.around(values, left, left + PANEL), y);
                plot.yGrid(y.ticks(), i == 0);
                plot.xGrid(values);
                draw(plot, panels.get(i));
            }
        }
        return svg.toString();
    }

    private static void draw(Plot plot, Panel panel) {
        plot.xTitle(panel.title());
        if (!panel.one().isEmpty()) {
            guide(plot, panel.one());
        }
        curve(plot, "one", panel.one());
        curve(plot, "two", panel.two());
    }

    /** A line from the first point as if the time grew in proportion, as far as the plot goes. */
    private static void guide(Plot plot, List<Point> points) {
        Point first = points.get(0);
        double last = points.get(points.size() - 1).x();
        double end = Math.min(last, first.x() * plot.y().largest() / first.y());
        LogAxis x = plot.x();
        LogAxis y = plot.y();
        plot.svg()
                .line(
                        "guide line dashed",
                        x.at(first.x()),
                        y.at(first.y()),
                        x.at(end),
                        y.at(first.y() * end / first.x()));
    }

    private static void curve(Plot plot, String style, List<Point> points) {
        points.forEach(point -> plot.dot(style, point));
        plot.line(style + " line", points.toArray(new Point[0]));
    }
}

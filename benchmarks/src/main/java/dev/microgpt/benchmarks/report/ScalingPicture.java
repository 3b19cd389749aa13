package dev.microgpt.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** How a training step grows with width, context and batch, with one thread and with two. */
final class ScalingPicture {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 400;
    private static final int LEFT = 70;
    private static final int TOP = 76;
    private static final int BOTTOM = 60;
    private static final int PANEL = 235;
    private static final int GAP = 26;
    private static final List<String> PANELS = List.of("width", "context", "batch");
    private static final List<String> AXES = List.of("channels", "positions", "sequences");

    private final Results results;
    private final Svg svg;
    private final LogAxis y;

    /**
     * One point of a line.
     *
     * @param value what the measure is changed to
     * @param millis the time of a step
     */
    private record Point(double value, double millis) {}

    private ScalingPicture(Results results, List<Double> millis) {
        this.results = results;
        y = LogAxis.around(millis, HEIGHT - BOTTOM, TOP);
        svg = new Svg(
                WIDTH,
                HEIGHT,
                "A training step of NANO with one measure changed, JDK " + results.jdk(),
                "Three panels, both axes logarithmic: milliseconds a step against channels, positions and sequences,"
                        + " with one thread and with two; a dashed line grows in proportion.");
    }

    /** Returns the picture, empty if nothing of it was measured. */
    static String draw(Results results) {
        List<Double> millis = new ArrayList<>();
        for (String panel : PANELS) {
            points(results, panel, "oneThread").forEach(point -> millis.add(point.millis()));
            points(results, panel, "twoThreads").forEach(point -> millis.add(point.millis()));
        }
        if (millis.isEmpty()) {
            return "";
        }
        ScalingPicture picture = new ScalingPicture(results, millis);
        picture.legend();
        for (int i = 0; i < PANELS.size(); i++) {
            picture.panel(i);
        }
        return picture.svg.toString();
    }

    private static List<Point> points(Results results, String panel, String method) {
        List<Point> points = new ArrayList<>();
        for (String name : results.values(ScalingSection.SCALING, "point")) {
            String[] parts = name.split(":");
            Measured nanos = results.nanos(ScalingSection.SCALING, method, "point", name);
            if (parts[0].equals(panel) && nanos != null) {
                points.add(new Point(Double.parseDouble(parts[1]), 1e-6 * nanos.value()));
            }
        }
        return points;
    }

    private void legend() {
        entry(250, "one line", "1 thread");
        entry(370, "two line", "2 threads");
        entry(500, "guide line dashed", "in proportion");
        svg.sidewaysText(20, (y.from() + y.to()) / 2, "milliseconds a step");
    }

    private void entry(double x, String style, String label) {
        svg.line(style, x, 48, x + 26, 48);
        svg.text(x + 32, 52, "start", label);
    }

    private void panel(int index) {
        List<Point> one = points(results, PANELS.get(index), "oneThread");
        List<Point> two = points(results, PANELS.get(index), "twoThreads");
        List<Double> values = new ArrayList<>();
        one.forEach(point -> values.add(point.value()));
        two.forEach(point -> values.add(point.value()));
        if (values.isEmpty()) {
            return;
        }
        double left = LEFT + index * (PANEL + GAP);
        LogAxis x = LogAxis.around(values, left, left + PANEL);
        axes(index, x, values);
        if (!one.isEmpty()) {
            guide(x, one);
        }
        curve("one", x, one);
        curve("two", x, two);
    }

    private void axes(int index, LogAxis x, List<Double> values) {
        for (double tick : y.ticks()) {
            svg.line("grid", x.from(), y.at(tick), x.to(), y.at(tick));
            if (index == 0) {
                svg.text(x.from() - 8, y.at(tick) + 4, "end", tick >= 1 ? "" + Math.round(tick) : "" + (float) tick);
            }
        }
        values.stream().distinct().forEach(value -> {
            svg.line("grid", x.at(value), y.from(), x.at(value), y.to());
            svg.text(x.at(value), y.from() + 18, "middle", String.valueOf(Math.round(value)));
        });
        svg.text((x.from() + x.to()) / 2, HEIGHT - 16, "middle", AXES.get(index));
    }

    /** From the first point on, as if the time grew like the value; as far as the panel goes. */
    private void guide(LogAxis x, List<Point> points) {
        Point first = points.get(0);
        double end = Math.min(points.get(points.size() - 1).value(), first.value() * y.largest() / first.millis());
        double endMillis = first.millis() * end / first.value();
        svg.line("guide line dashed", x.at(first.value()), y.at(first.millis()), x.at(end), y.at(endMillis));
    }

    private void curve(String style, LogAxis x, List<Point> points) {
        List<Double> pixels = new ArrayList<>();
        for (Point point : points) {
            pixels.add(x.at(point.value()));
            pixels.add(y.at(point.millis()));
            svg.dot(style, x.at(point.value()), y.at(point.millis()));
        }
        svg.polyline(style + " line", pixels);
    }
}

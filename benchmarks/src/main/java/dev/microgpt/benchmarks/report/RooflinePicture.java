package dev.microgpt.benchmarks.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The roofline: how many operations a second against how many for each byte of memory, below the two roofs of the
 * machine.
 *
 * @see <a href="https://doi.org/10.1145/1498765.1498785">Williams, Waterman and Patterson, Roofline, 2009</a>
 */
final class RooflinePicture {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 540;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 60;

    /** Of Adam for each parameter: 14 operations, 4 numbers read and 3 written. */
    private static final double ADAM_OPERATIONS = 14;

    private static final double ADAM_BYTES = 56;

    private final Svg svg;
    private final List<Point> points;
    private final LogAxis x = new LogAxis(0.1, 200, LEFT, WIDTH - RIGHT);
    private final LogAxis y;
    private final LabelPlacer labels = new LabelPlacer(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);

    /**
     * Something that was measured.
     *
     * @param label     its name
     * @param intensity operations for each byte
     * @param gflops    operations a nanosecond
     */
    private record Point(String label, double intensity, double gflops) {}

    private RooflinePicture(Results results, double peak) {
        points = points(results);
        List<Double> rates = new ArrayList<>(List.of(peak));
        points.forEach(point -> rates.add(point.gflops()));
        y = LogAxis.around(rates, HEIGHT - BOTTOM, TOP);
        svg = new Svg(
                WIDTH,
                HEIGHT,
                "Roofline, float64, JDK " + results.jdk(),
                "Operations a second against operations for each byte of memory, both logarithmic. Sloping lines are"
                        + " what memory allows, level ones what the processor can do; each dot is something measured"
                        + " with one thread.");
    }

    /** Returns the picture, empty if the roofs were not measured. */
    static String draw(Results results) {
        Measured peak = PeakSection.gflops(results, "vector");
        Measured memory = PeakSection.gigabytes(results, "oneThread");
        Measured peakOfTwo = PeakSection.gflops(results, "vectorTwoThreads");
        Measured memoryOfTwo = PeakSection.gigabytes(results, "twoThreads");
        if (peak == null || memory == null) {
            return "";
        }
        RooflinePicture picture = new RooflinePicture(results, peakOfTwo == null ? peak.value() : peakOfTwo.value());
        picture.axes();
        picture.roof("one", "1 thread", peak, memory);
        if (peakOfTwo != null && memoryOfTwo != null) {
            picture.roof("two", "2 threads", peakOfTwo, memoryOfTwo);
        }
        picture.dots();
        return picture.svg.toString();
    }

    private static List<Point> points(Results results) {
        List<Point> points = new ArrayList<>();
        for (String shape : results.values("MatmulBenchmark", "shape")) {
            Measured rate = MatmulSection.gflops(results, "vector", shape, "NN");
            add(points, shortName(shape), intensity(shape), rate == null ? null : rate.value());
        }
        for (String model : results.values(GenerateSection.GENERATE, "model")) {
            Result result = results.find(GenerateSection.GENERATE, "vector", "model", model);
            Measured bytes = result == null ? null : result.secondary().get("weightBytes");
            // a weight of 8 bytes is one multiply-add
            add(points, "generate " + model, 0.25, bytes == null ? null : 0.25e-9 * bytes.value());
        }
        Measured adam = results.nanos("AdamBenchmark", "oneThread");
        add(points, "Adam", ADAM_OPERATIONS / ADAM_BYTES, adam == null ? null : ADAM_OPERATIONS / adam.value());
        return points;
    }

    private static void add(List<Point> points, String label, double intensity, @Nullable Double gflops) {
        if (gflops != null) {
            points.add(new Point(label, intensity, gflops));
        }
    }

    /** Operations of a product for each byte of the three matrices, as if each were moved once. */
    private static double intensity(String shape) {
        String[] sizes = shape.split("x");
        double m = Double.parseDouble(sizes[0]);
        double n = Double.parseDouble(sizes[1]);
        double k = Double.parseDouble(sizes[2]);
        return 2 * m * n * k / (8 * (m * n + m * k + n * k));
    }

    /** Such as {@code 64³} and {@code 768×65×128}. */
    private static String shortName(String shape) {
        String[] sizes = shape.split("x");
        boolean cube = sizes[0].equals(sizes[1]) && sizes[1].equals(sizes[2]);
        return cube ? sizes[0] + "³" : String.join("×", sizes);
    }

    private void axes() {
        for (double tick : x.ticks()) {
            svg.line("grid", x.at(tick), y.from(), x.at(tick), y.to());
            svg.text(x.at(tick), y.from() + 18, "middle", plain(tick));
        }
        for (double tick : y.ticks()) {
            svg.line("grid", x.from(), y.at(tick), x.to(), y.at(tick));
            svg.text(x.from() - 8, y.at(tick) + 4, "end", plain(tick));
        }
        svg.text((x.from() + x.to()) / 2, HEIGHT - 16, "middle", "operations for each byte");
        svg.sidewaysText(20, (y.from() + y.to()) / 2, "GFLOP/s");
    }

    private void roof(String style, String name, Measured peak, Measured memory) {
        double ridge = peak.value() / memory.value();
        double start = Math.max(x.least(), y.least() / memory.value());
        double x1 = x.at(start);
        double y1 = y.at(start * memory.value());
        double x2 = x.at(ridge);
        double y2 = y.at(peak.value());
        String lineStyle = style + " line" + (style.equals("two") ? " dashed" : "");
        svg.polyline(lineStyle, List.of(x1, y1, x2, y2, x.to(), y2));
        labels.avoidLine(x1, y1, x2, y2);
        labels.avoidLine(x2, y2, x.to(), y2);
        String legend =
                name + ": " + Figures.three(peak.value()) + " GFLOP/s, " + Figures.three(memory.value()) + " GB/s";
        // at the lower right nothing is ever measured: what is computed much from little data is not slow
        double row = y.from() - (style.equals("two") ? 40 : 16);
        svg.line(lineStyle, x.to() - 340, row - 4, x.to() - 300, row - 4);
        svg.text(x.to() - 290, row, "start", legend);
    }

    private void dots() {
        for (Point point : points) {
            svg.dot("one", x.at(point.intensity()), y.at(point.gflops()));
            labels.avoidPoint(x.at(point.intensity()), y.at(point.gflops()));
        }
        // the longest first, while there is most room
        points.sort(Comparator.comparing((Point point) -> -point.label().length()));
        for (Point point : points) {
            labels.label(svg, x.at(point.intensity()), y.at(point.gflops()), point.label());
        }
    }

    private static String plain(double tick) {
        return tick >= 1 ? String.valueOf(Math.round(tick)) : String.valueOf((float) tick);
    }
}

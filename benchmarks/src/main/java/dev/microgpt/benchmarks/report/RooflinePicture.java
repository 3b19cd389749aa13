package dev.microgpt.benchmarks.report;

import dev.microgpt.benchmarks.report.Plot.Point;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * The roofline: operations a second against operations for each byte of memory, below the two roofs of the machine.
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

    private final Plot plot;
    private final LabelPlacer labels = new LabelPlacer(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM);

    /** A benchmark, at its rate in GFLOP/s over its operations for each byte. */
    private record Dot(String label, Point at) {
        Dot(String label, double intensity, double gflops) {
            this(label, new Point(intensity, gflops));
        }
    }

    private RooflinePicture(Plot plot) {
        this.plot = plot;
    }

    /** Returns the picture, empty if the roofs were not measured. */
    static String draw(Results results) {
        double peak = results.value("PeakBenchmark.vector", Map.of(), "rate");
        double memory = results.value("MemoryReadBenchmark.oneThread", Map.of(), "rate");
        double peakOfTwo = results.value("PeakBenchmark.vectorTwoThreads", Map.of(), "rate");
        double memoryOfTwo = results.value("MemoryReadBenchmark.twoThreads", Map.of(), "rate");
        if (Double.isNaN(peak) || Double.isNaN(memory)) {
            return "";
        }
        List<Dot> dots = dots(results);
        List<Double> rates = new ArrayList<>();
        rates.add(Double.isNaN(peakOfTwo) ? peak : peakOfTwo);
        dots.forEach(dot -> rates.add(dot.at().y()));
        Svg svg = new Svg(
                WIDTH,
                HEIGHT,
                "Roofline, float64, JDK " + results.jdk(),
                "Operations a second against operations for each byte of memory, both logarithmic. Sloping lines are"
                        + " what memory allows, level ones what the processor can do; each dot is something measured"
                        + " with one thread.");
        Plot plot =
                new Plot(svg, new LogAxis(0.1, 200, LEFT, WIDTH - RIGHT), LogAxis.around(rates, HEIGHT - BOTTOM, TOP));
        plot.xGrid(plot.x().ticks());
        plot.yGrid(plot.y().ticks(), true);
        plot.xTitle("operations for each byte");
        svg.sidewaysText(20, plot.y().middle(), "GFLOP/s");
        RooflinePicture picture = new RooflinePicture(plot);
        picture.roof("one line", 16, "1 thread", peak, memory);
        if (!Double.isNaN(peakOfTwo) && !Double.isNaN(memoryOfTwo)) {
            picture.roof("two line dashed", 40, "2 threads", peakOfTwo, memoryOfTwo);
        }
        picture.draw(dots);
        return svg.toString();
    }

    private static List<Dot> dots(Results results) {
        List<Dot> dots = new ArrayList<>();
        for (String shape : results.values("MatmulBenchmark", "shape")) {
            double rate = results.value("MatmulBenchmark.vector", Map.of("shape", shape, "kind", "NN"), "rate");
            dots.add(new Dot(shortName(shape), intensity(shape), rate));
        }
        for (String model : results.values("GenerateBenchmark", "model")) {
            // a weight of 8 bytes is one multiply-add
            double bytes = results.value("GenerateBenchmark.vector", Map.of("model", model), "rate");
            dots.add(new Dot("generate " + model, 0.25, 0.25 * bytes));
        }
        double nanos = results.value("AdamBenchmark.oneThread", Map.of(), "ns");
        dots.add(new Dot("Adam", ADAM_OPERATIONS / ADAM_BYTES, ADAM_OPERATIONS / nanos));
        dots.removeIf(dot -> Double.isNaN(dot.at().y()));
        return dots;
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

    private void roof(String style, int row, String name, double peak, double memory) {
        LogAxis x = plot.x();
        LogAxis y = plot.y();
        double start = Math.max(x.least(), y.least() / memory);
        double ridge = peak / memory;
        Point[] roof = {new Point(start, start * memory), new Point(ridge, peak), new Point(x.largest(), peak)};
        plot.line(style, roof);
        labels.avoidLine(x.at(start), y.at(start * memory), x.at(ridge), y.at(peak));
        labels.avoidLine(x.at(ridge), y.at(peak), x.to(), y.at(peak));
        // the lower right is empty: nothing with many operations for each byte is slow
        String rates = name + ": " + Figures.three(peak) + " GFLOP/s, " + Figures.three(memory) + " GB/s";
        plot.svg().legend(style, x.to() - 340, y.from() - row - 4, 40, rates);
    }

    private void draw(List<Dot> dots) {
        for (Dot dot : dots) {
            plot.dot("one", dot.at());
            labels.avoidPoint(plot.x().at(dot.at().x()), plot.y().at(dot.at().y()));
        }
        // the longest first, while there is most room
        dots.sort(Comparator.comparing(dot -> -dot.label().length()));
        for (Dot dot : dots) {
            labels.label(
                    plot.svg(), plot.x().at(dot.at().x()), plot.y().at(dot.at().y()), dot.label());
        }
    }
}

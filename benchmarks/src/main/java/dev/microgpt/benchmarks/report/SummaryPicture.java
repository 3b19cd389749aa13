package dev.microgpt.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/** How many times as fast as its peers this library is: bars to the right of 1, or to the left where it is slower. */
final class SummaryPicture {
    private static final int WIDTH = 860;
    private static final int LEFT = 320;
    private static final int RIGHT = 20;
    private static final int TOP = 76;
    private static final int BOTTOM = 60;
    private static final int BAR = 13;
    private static final int GAP = 14;

    /** So that a ratio of 1 can be seen. */
    private static final double NARROWEST = 2;

    private static final List<String> STYLES = List.of("one", "two");

    private SummaryPicture() {}

    /** Returns the picture of the last two JDKs, empty if nothing of it was measured. */
    static String draw(List<Results> all) {
        List<Results> runs = all.subList(Math.max(0, all.size() - STYLES.size()), all.size());
        List<List<Summary.Line>> bars = new ArrayList<>(); // each comparison on all JDKs
        List<Double> speeds = new ArrayList<>(List.of(1.0));
        for (Results run : runs) {
            List<Summary.Line> lines =
                    Summary.rows(run).stream().flatMap(List::stream).toList();
            for (int i = 0; i < lines.size(); i++) {
                if (i == bars.size()) {
                    bars.add(new ArrayList<>());
                }
                bars.get(i).add(lines.get(i));
            }
        }
        bars.removeIf(onAll -> onAll.stream().allMatch(line -> Double.isNaN(line.speed())));
        bars.forEach(onAll -> onAll.forEach(line -> speeds.add(line.speed())));
        speeds.removeIf(speed -> speed.isNaN());
        if (bars.isEmpty()) {
            return "";
        }
        int step = runs.size() * BAR + GAP;
        int bottom = TOP + bars.size() * step;
        Svg svg = new Svg(
                WIDTH,
                bottom + BOTTOM,
                "How many times as fast as its peers, float64",
                "Two bars for each comparison, one for each JDK, on a logarithmic axis. Bars to the right of the line"
                        + " at 1 are of what is faster here than in the peer, bars to the left of what is slower.");
        LogAxis x = LogAxis.around(speeds, LEFT, WIDTH - RIGHT);
        Plot plot = new Plot(svg, x, new LogAxis(1, 10, bottom, TOP));
        plot.xGrid(x.ticks());
        plot.xTitle("times as fast as the peer: slower to the left of 1, faster to the right");
        for (int jdk = 0; jdk < runs.size(); jdk++) {
            String style = STYLES.get(jdk);
            svg.legend(style + " line", LEFT + 120 * jdk, 52, 26, Summary.name(runs.get(jdk)));
            for (int i = 0; i < bars.size(); i++) {
                Summary.Line line = bars.get(i).get(jdk);
                double y = TOP + i * step + GAP / 2.0 + jdk * BAR;
                if (jdk == 0) {
                    String what = line.what().substring(0, line.what().lastIndexOf(','));
                    svg.text(LEFT - 10, y + runs.size() * BAR / 2.0 + 4, "end", what + " / " + line.peer());
                }
                if (!Double.isNaN(line.speed())) {
                    draw(svg, x, style, line.speed(), y);
                }
            }
        }
        svg.line("guide line", x.at(1), bottom, x.at(1), TOP);
        return svg.toString();
    }

    private static void draw(Svg svg, LogAxis x, String style, double speed, double y) {
        boolean slower = speed < 1;
        double length = Math.max(NARROWEST, Math.abs(x.at(speed) - x.at(1)));
        double from = slower ? x.at(1) - length : x.at(1);
        svg.bar(style, from, y, length, BAR - 2);
        svg.text(slower ? from - 6 : from + length + 6, y + BAR - 2, slower ? "end" : "start", Figures.ratio(speed));
    }
}

package dev.microgpt.cli.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Places the names of the curves at the right of a chart, where they cover little and are near the ends of the curves.
 * All positions are in pixels from the upper edge.
 */
final class LegendPlacement {
    private static final int STRIDE = 2;
    // the cost of covering a pixel of a strong line, relative to a thin one
    private static final double STRONG = 20;
    private static final double DISTANCE = 0.05;

    /** A range of heights in which something is drawn. */
    private record Band(double top, double bottom, double weight) {}

    private final double height;
    private final List<Band> bands = new ArrayList<>();

    LegendPlacement(double height) {
        this.height = height;
    }

    /** Adds something that should not be covered, such as a line or another text. */
    void avoid(double top, double bottom) {
        bands.add(new Band(top, bottom, STRONG));
    }

    /** Adds something that may be covered if necessary, such as a thin line behind others. */
    void avoidIfPossible(double top, double bottom) {
        bands.add(new Band(top, bottom, 1));
    }

    /**
     * Returns the upper edge of the best position.
     *
     * @param size  the total height of the names
     * @param curve the position at which the front curve ends
     */
    double top(double size, double curve) {
        double best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (double top = 0; top <= height - size; top += STRIDE) {
            double cost = DISTANCE * Math.abs(top + size / 2 - curve);
            for (Band band : bands) {
                double covered = Math.min(top + size, band.bottom) - Math.max(top, band.top);
                cost += band.weight * Math.max(0, covered);
            }
            if (cost < least) {
                least = cost;
                best = top;
            }
        }
        return best;
    }
}

package dev.microgpt.cli.report;

import java.util.ArrayList;
import java.util.List;

/**
 * Finds room for the names of the curves, at the right of a chart and as near to the curves as it goes. All lengths are
 * in pixels from the upper edge.
 */
final class LegendPlace {
    private static final int STRIDE = 2;
    // one pixel of a strong line hidden is worth so many of a thin one
    private static final double STRONG = 20;
    private static final double DISTANCE = 0.05;

    /** Something that is drawn at these heights. */
    private record Band(double top, double bottom, double weight) {}

    private final double height;
    private final List<Band> bands = new ArrayList<>();

    LegendPlace(double height) {
        this.height = height;
    }

    /** Something that had better not be covered, such as a line or another text. */
    void avoid(double top, double bottom) {
        bands.add(new Band(top, bottom, STRONG));
    }

    /** Something that may be covered if need be, such as a thin line behind others. */
    void avoidIfPossible(double top, double bottom) {
        bands.add(new Band(top, bottom, 1));
    }

    /**
     * Returns the upper edge of the best place.
     *
     * @param size  the height of the names together
     * @param curve the height at which the curves end
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

package dev.microgpt.benchmarks.report;

import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Places labels next to points so that none covers another label, a point or a line. */
final class LabelPlacer {
    private static final double GAP = 8;
    private static final double CLOSE = 14;
    private static final int DIRECTIONS = 24;
    private static final int RINGS = 30;

    private final Rectangle2D area;
    private final List<Rectangle2D> points = new ArrayList<>();
    private final List<Rectangle2D> labels = new ArrayList<>();
    private final List<Line2D> lines = new ArrayList<>();
    private final List<Line2D> leaders = new ArrayList<>();

    LabelPlacer(double x, double y, double width, double height) {
        area = new Rectangle2D.Double(x, y, width, height);
    }

    void avoidPoint(double x, double y) {
        points.add(new Rectangle2D.Double(x - 5, y - 5, 10, 10));
    }

    void avoidLine(double x1, double y1, double x2, double y2) {
        lines.add(new Line2D.Double(x1, y1, x2, y2));
    }

    /**
     * Draws a label at the nearest free place, with a line to its point unless it is right next to it. In a crowd that
     * line may cross other labels, and without any free place the label covers something.
     */
    void label(Svg svg, double x, double y, String label) {
        if (!labelAtFreePlace(svg, x, y, label, true) && !labelAtFreePlace(svg, x, y, label, false)) {
            draw(svg, box(x, y, label, GAP, 0), null, label);
        }
    }

    private boolean labelAtFreePlace(Svg svg, double x, double y, String label, boolean freeLeader) {
        for (int ring = 0; ring < RINGS; ring++) {
            for (int i = 0; i < DIRECTIONS; i++) {
                Rectangle2D box = box(x, y, label, GAP + 14 * ring, 2 * Math.PI * i / DIRECTIONS);
                Line2D leader = leader(x, y, box);
                if (isFree(box) && (ring == 0 || !freeLeader || isFree(leader))) {
                    draw(svg, box, ring == 0 ? null : leader, label);
                    return true;
                }
            }
        }
        return false;
    }

    /** The box whose nearest side is at a distance in a direction; angle 0 is to the right, and it grows upwards. */
    private static Rectangle2D box(double x, double y, String label, double distance, double angle) {
        double width = Svg.width(label);
        double height = Svg.FONT_SIZE + 2;
        double centreX = x + Math.cos(angle) * (distance + width / 2);
        double centreY = y - Math.sin(angle) * (distance + height / 2);
        return new Rectangle2D.Double(centreX - width / 2, centreY - height / 2, width, height);
    }

    private boolean isFree(Rectangle2D box) {
        return area.contains(box)
                && points.stream().noneMatch(box::intersects)
                && labels.stream().noneMatch(box::intersects)
                && lines.stream().noneMatch(box::intersectsLine)
                && leaders.stream().noneMatch(box::intersectsLine);
    }

    /** A leader may cross the lines of the picture, and points close to its own, but nothing else. */
    private boolean isFree(Line2D leader) {
        return labels.stream().noneMatch(leader::intersects)
                && leaders.stream().noneMatch(leader::intersectsLine)
                && points.stream().noneMatch(point -> leader.intersects(point) && isFar(point, leader));
    }

    private static boolean isFar(Rectangle2D point, Line2D leader) {
        return leader.getP1().distance(point.getCenterX(), point.getCenterY()) > CLOSE;
    }

    private void draw(Svg svg, Rectangle2D box, @Nullable Line2D leader, String label) {
        if (leader != null) {
            svg.line("leader", leader.getX1(), leader.getY1(), leader.getX2(), leader.getY2());
            leaders.add(leader);
        }
        svg.text(box.getCenterX(), box.getMaxY() - 3, "middle", label);
        labels.add(box);
    }

    /** From a point to the nearest point of a box. */
    private static Line2D leader(double x, double y, Rectangle2D box) {
        double endX = nearest(x, box.getMinX(), box.getMaxX());
        double endY = nearest(y, box.getMinY(), box.getMaxY());
        return new Line2D.Double(x, y, endX, endY);
    }

    private static double nearest(double x, double least, double largest) {
        return Math.max(least, Math.min(largest, x));
    }
}

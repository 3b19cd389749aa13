package dev.microgpt.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LabelPlacerTest {
    private static final Pattern TEXT = Pattern.compile("<text x=\"([0-9.]+)\" y=\"([0-9.]+)\"[^>]*>label");

    @Test
    void labelsOfCrowdedPointsDoNotOverlap() {
        Svg svg = new Svg(600, 400, "title", "description");
        LabelPlacer placer = new LabelPlacer(0, 40, 600, 360);
        for (int i = 0; i < 10; i++) {
            placer.avoidPoint(280 + 4 * i, 200);
        }
        for (int i = 0; i < 10; i++) {
            placer.label(svg, 280 + 4 * i, 200, "label " + i);
        }
        List<double[]> centres = new ArrayList<>();
        for (Matcher text = TEXT.matcher(svg.toString()); text.find(); ) {
            double[] centre = {Double.parseDouble(text.group(1)), Double.parseDouble(text.group(2))};
            for (double[] other : centres) {
                boolean apart = Math.abs(centre[0] - other[0]) >= Svg.width("label 0") - 0.2
                        || Math.abs(centre[1] - other[1]) >= Svg.FONT_SIZE;
                assertTrue(apart, "two labels overlap in " + svg);
            }
            centres.add(centre);
        }
        assertEquals(10, centres.size());
    }
}

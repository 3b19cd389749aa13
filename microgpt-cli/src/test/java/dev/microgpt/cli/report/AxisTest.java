package dev.microgpt.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {
    private static List<String> labels(Axis axis) {
        List<String> labels = new ArrayList<>();
        for (Axis.Tick tick : axis.ticks()) {
            labels.add(tick.label());
        }
        return labels;
    }

    @Test
    void labelsAreRoundAndReachAroundTheValues() {
        assertEquals(List.of("1.5", "2.0", "2.5", "3.0", "3.5"), labels(Axis.around(1.83, 3.41, 5)));
        assertEquals(List.of("0", "0.002", "0.004", "0.006", "0.008", "0.010"), labels(Axis.around(0, 0.01, 5)));
        assertEquals(List.of("0", "5k", "10k", "15k"), labels(Axis.around(0, 12_345, 4)));
        assertEquals(List.of("0", "500", "1,000", "1,500"), labels(Axis.around(0, 1234, 4)));
        assertEquals(List.of("0", "2e-5", "4e-5", "6e-5"), labels(Axis.around(0, 6e-5, 4)));
        assertEquals(List.of("-1.0", "-0.5", "0", "0.5", "1.0"), labels(Axis.around(-0.7, 0.7, 3)));
    }

    @Test
    void oneValueHasAnAxisAroundIt() {
        assertEquals(List.of("0", "0.2", "0.4", "0.6", "0.8", "1.0"), labels(Axis.around(0, 0, 5)));
        Axis axis = Axis.around(3, 3, 5);
        assertTrue(axis.min() < 3 && axis.max() > 3, axis.min() + " to " + axis.max());
    }

    @Test
    void stepsEndWhereTheRunEndsAndAreWhole() {
        Axis axis = Axis.ofSteps(0, 1900, 5);
        assertEquals(List.of("0", "500", "1,000", "1,500"), labels(axis));
        assertEquals(1, axis.position(1900));
        assertEquals(List.of("0", "1", "2"), labels(Axis.ofSteps(0, 2, 5)));
        assertEquals(List.of("0", "20k", "40k", "60k", "80k", "100k"), labels(Axis.ofSteps(0, 100_000, 5)));
    }

    @Test
    void aLogarithmicAxisHasEqualRoomForEachDecade() {
        Axis axis = Axis.logarithmic(0.03, 700);
        assertEquals(List.of("0.1", "1", "10", "100", "1,000"), labels(axis));
        assertEquals(axis.position(10) - axis.position(1), axis.position(100) - axis.position(10), 1e-12);
        assertEquals(0, axis.position(0.02), 1e-12);
        assertEquals(1, axis.position(1000), 1e-12);
        assertEquals(List.of("0.5", "1", "2", "5", "10", "20"), labels(Axis.logarithmic(0.6, 15)));
        assertEquals(List.of("1e-9", "1e-6", "0.001", "1", "1,000"), labels(Axis.logarithmic(1e-9, 9e3)));
        assertEquals(List.of("1", "2"), labels(Axis.logarithmic(1, 1)));
    }
}

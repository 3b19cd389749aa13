package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

/** How far two results lie apart, normwise: {@code max|a − b| / max|b|}. */
final class Distance {
    private Distance() {}

    static double normwise(double[] actual, double[] expected) {
        assertEquals(expected.length, actual.length, "numbers");
        double largest = 0;
        for (double number : expected) {
            largest = Math.max(largest, Math.abs(number));
        }
        double distance = absolute(actual, expected);
        return distance == 0 ? 0 : distance / largest;
    }

    static double absolute(double[] actual, double[] expected) {
        assertEquals(expected.length, actual.length, "numbers");
        double distance = 0;
        for (int i = 0; i < expected.length; i++) {
            double difference = Math.abs(actual[i] - expected[i]);
            // a NaN must not pass for a small difference
            distance = difference <= distance ? distance : difference;
            if (Double.isNaN(difference)) {
                return Double.NaN;
            }
        }
        return distance;
    }

    /** Asserts that each tensor lies within a tolerance of its counterpart, and returns the largest distance. */
    static double assertClose(Map<String, double[]> expected, Map<String, double[]> actual, double tolerance) {
        assertEquals(expected.keySet(), actual.keySet(), "names");
        double worst = 0;
        for (Map.Entry<String, double[]> tensor : expected.entrySet()) {
            double distance = normwise(actual.get(tensor.getKey()), tensor.getValue());
            assertTrue(distance <= tolerance, tensor.getKey() + " is " + distance + " apart");
            worst = Math.max(worst, distance);
        }
        return worst;
    }
}

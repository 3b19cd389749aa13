package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Shape;
import dev.microgpt.model.random.PythonRandom;
import org.junit.jupiter.api.Test;

class InitializerTest {
    private static double deviation(Initializer initializer, Shape shape) {
        double[] data = new double[shape.size()];
        initializer.fill(data, shape, new PythonRandom(1));
        double squares = 0;
        for (double x : data) {
            squares += x * x;
        }
        return Math.sqrt(squares / data.length);
    }

    @Test
    void xavierDependsOnBothSidesAndKaimingOnTheInput() {
        Shape wide = Shape.of(100, 300);
        Shape tall = Shape.of(300, 100);
        assertEquals(Math.sqrt(2.0 / 400), deviation(Initializer.xavier(), wide), 1e-3);
        assertEquals(Math.sqrt(2.0 / 400), deviation(Initializer.xavier(), tall), 1e-3);
        assertEquals(Math.sqrt(2.0 / 300), deviation(Initializer.kaiming(), wide), 1e-3);
        assertEquals(Math.sqrt(2.0 / 100), deviation(Initializer.kaiming(), tall), 1e-3);
    }
}

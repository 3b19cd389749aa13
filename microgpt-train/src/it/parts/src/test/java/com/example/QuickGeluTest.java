package com.example;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.check.GradientCheck;
import org.junit.jupiter.api.Test;

class QuickGeluTest {
    @Test
    void derivativeIsRight() {
        Parameter x = new Parameter("x", Shape.of(2, 3), 0.1, -0.4, 1.3, 0.2, 0.9, -2.0);
        GradientCheck.smooth().check("quickGelu", tape -> tape.apply(new QuickGelu(x)), x);
    }
}

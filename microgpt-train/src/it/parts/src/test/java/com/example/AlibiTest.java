package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Sequences;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Positions;
import dev.microgpt.model.check.ModelCheck;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlibiTest {
    @Test
    void derivativesAreRight() {
        Shape shape = Shape.of(3, 4); // two heads in a sequence of two positions and in one of one
        Parameter q = new Parameter("q", shape, 0.1, -0.4, 1.3, 0.2, 0.9, -2.0, 0.5, 0.7, -0.3, 1.1, 0.6, -0.8);
        Parameter k = new Parameter("k", shape, 0.4, 1.2, -0.9, 0.3, -0.6, 0.8, 1.5, -0.2, 0.7, 0.1, -1.4, 0.5);
        Parameter v = new Parameter("v", shape, 1.0, 0.2, -0.7, 0.6, 0.3, -1.1, 0.4, 0.9, -0.5, 0.8, 1.2, -0.1);
        GradientCheck.smooth()
                .check(
                        "biasedAttention",
                        tape -> tape.apply(
                                new BiasedAttention(q, k, v, new double[] {0.5, 0.25}, Sequences.ofLengths(2, 1))),
                        q,
                        k,
                        v);
    }

    @Test
    void modelKeepsItsPromises() {
        GptConfig config = GptConfig.microgpt(5).withSizes(2, 2, 8, 6).withPositions(Positions.NONE);
        assertEquals(List.of(), ModelCheck.check(config.withAttention(new Alibi())));
    }
}

package example;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import org.junit.jupiter.api.Test;

class GradientTest {
    private final Parameter x = new Parameter("x", Shape.of(2, 3), 0.1, -0.4, 1.3, 0.2, 0.9, -2.0);

    @Test
    void derivativeOfSiluIsRight() {
        GradientCheck.smooth().check("silu", tape -> tape.apply(new Silu(x)), x);
    }

    @Test
    void derivativesOfTheLayerAreRight() {
        Parameters parameters = Parameters.drawnFrom(new PythonRandom(1));
        GatedMlp mlp = new GatedMlp(parameters.root(), 3, 8);
        GradientCheck.smooth().check("gatedMlp", tape -> mlp.forward(tape, x), x, mlp.gate(), mlp.up(), mlp.down());
    }
}

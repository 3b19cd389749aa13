package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.random.PythonRandom;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ParametersTest {
    private static final Initializer NORMAL = Initializer.normal(0.08);

    @Test
    void parametersAreDrawnAndStoredInTheOrderOfTheirRequests() {
        Parameters parameters = Parameters.drawnFrom(new PythonRandom(42));
        Parameter second = parameters.root().scope("z").get("a", Shape.of(2, 3), NORMAL);
        Parameter first = parameters.root().get("b", Shape.of(2), NORMAL);

        PythonRandom same = new PythonRandom(42);
        for (Parameter parameter : List.of(second, first)) {
            for (double number : parameter.data()) {
                assertEquals(same.gauss(0, 0.08), number);
            }
        }
        assertEquals(List.of(second, first), parameters.all());
        assertEquals("z.a", second.name());
        assertEquals(8, parameters.count());
    }

    @Test
    void aModelRequestsItsWeightsInTheOrderOfMicrogpt() {
        Parameters parameters = Parameters.drawnFrom(new PythonRandom(1));
        Gpt gpt = new Gpt(GptConfig.microgpt(5).withSizes(2, 1, 3, 4), parameters);
        List<String> names = gpt.parameters().all().stream()
                .map(each -> each.name() + " " + each.shape())
                .toList();
        assertEquals(
                List.of(
                        "wte (5, 3)",
                        "wpe (4, 3)",
                        "lm_head (5, 3)",
                        "layer0.attn_wq (3, 3)",
                        "layer0.attn_wk (3, 3)",
                        "layer0.attn_wv (3, 3)",
                        "layer0.attn_wo (3, 3)",
                        "layer0.mlp_fc1 (12, 3)",
                        "layer0.mlp_fc2 (3, 12)",
                        "layer1.attn_wq (3, 3)",
                        "layer1.attn_wk (3, 3)",
                        "layer1.attn_wv (3, 3)",
                        "layer1.attn_wo (3, 3)",
                        "layer1.mlp_fc1 (12, 3)",
                        "layer1.mlp_fc2 (3, 12)"),
                names);
    }

    @Test
    void aModelThatIsDrawnUsesNoMoreRandomNumbersThanItHasWeights() {
        PythonRandom random = new PythonRandom(9);
        Gpt gpt = new Gpt(GptConfig.microgpt(27), Parameters.drawnFrom(random));
        PythonRandom same = new PythonRandom(9);
        for (long i = 0; i < gpt.parameters().count(); i++) {
            same.gauss(0, 0.08);
        }
        assertEquals(same.state(), random.state());
    }

    @Test
    void storedWeightsMakeTheSameModel() {
        GptConfig config = GptConfig.microgpt(5).withSizes(2, 1, 3, 4);
        Gpt drawn = new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
        Map<String, Tensor> stored = stored(drawn);
        Parameters parameters = Parameters.from(stored);
        Gpt loaded = new Gpt(config, parameters);
        assertDoesNotThrow(parameters::checkAllUsed);
        assertEquals(
                drawn.parameters().all().toString(), loaded.parameters().all().toString());
        for (Parameter parameter : loaded.parameters().all()) {
            assertSame(stored.get(parameter.name()).data(), parameter.data());
        }
    }

    @Test
    void aMissingTensorIsNamedWithTheShapeThatIsExpected() {
        Map<String, Tensor> stored = stored(GptConfig.microgpt(5).withSizes(1, 1, 3, 4));
        stored.remove("layer0.mlp_fc1");
        assertMessage(
                "parameter \"layer0.mlp_fc1\" is missing; the model needs it with shape (12, 3)",
                () -> new Gpt(GptConfig.microgpt(5).withSizes(1, 1, 3, 4), Parameters.from(stored)));
    }

    @Test
    void aTensorOfAnotherShapeIsNamedWithBothShapes() {
        Map<String, Tensor> stored = stored(GptConfig.microgpt(5).withSizes(1, 1, 3, 4));
        stored.put("layer0.mlp_fc2", Tensor.constant(Shape.of(12, 3), new double[36]));
        assertMessage(
                "parameter \"layer0.mlp_fc2\" is (12, 3), but the model needs (3, 12); does it belong to a model of"
                        + " another size?",
                () -> new Gpt(GptConfig.microgpt(5).withSizes(1, 1, 3, 4), Parameters.from(stored)));
    }

    @Test
    void theShapesAreThoseOfTheModel() {
        for (GptConfig variant : List.of(GptConfig.microgpt(2), GptConfig.nano(2), GptConfig.gpt2(2))) {
            GptConfig config = variant.withVocabSize(5).withSizes(2, 1, 3, 4);
            Map<String, Shape> expected = new LinkedHashMap<>();
            for (Parameter parameter : new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)))
                    .parameters()
                    .all()) {
                expected.put(parameter.name(), parameter.shape());
            }
            Map<String, Shape> shapes = config.shapes();
            assertEquals(expected, shapes);
            assertEquals(List.copyOf(expected.keySet()), List.copyOf(shapes.keySet()));
        }
    }

    @Test
    void unusedTensorsAreNamedUpToFive() {
        Map<String, Tensor> stored = stored(GptConfig.microgpt(5).withSizes(1, 1, 3, 4));
        for (String name : List.of("g", "f", "e", "d", "c", "b")) {
            stored.put(name, Tensor.constant(Shape.of(1), 0.0));
        }
        Parameters parameters = Parameters.from(stored);
        new Gpt(GptConfig.microgpt(5).withSizes(1, 1, 3, 4), parameters);
        assertMessage("6 stored tensors are not part of the model: b, c, d, e, f", parameters::checkAllUsed);
    }

    @Test
    void aNameIsGivenOnce() {
        Scope scope = Parameters.drawnFrom(new PythonRandom(1)).root().scope("layer0");
        scope.get("w", Shape.of(1), NORMAL);
        assertMessage(
                "parameter \"layer0.w\" was requested twice; give each layer a scope of its own, and pass a shared"
                        + " parameter to the second layer",
                () -> scope.get("w", Shape.of(1), NORMAL));
    }

    @Test
    void anUnknownNameIsRefusedWithThoseThereAre() {
        Parameters parameters = Parameters.drawnFrom(new PythonRandom(1));
        parameters.root().get("a", Shape.of(1), NORMAL);
        parameters.root().get("b", Shape.of(1), NORMAL);
        assertMessage("there is no parameter \"c\"; the model has a, b", () -> parameters.get("c"));
    }

    @Test
    void allGradientsAreSetToZero() {
        Gpt gpt = new Gpt(GptConfig.microgpt(5).withSizes(1, 1, 3, 4), Parameters.drawnFrom(new PythonRandom(1)));
        gpt.parameters().all().forEach(parameter -> Arrays.fill(parameter.grad(), 7));
        gpt.parameters().zeroGrad();
        for (Parameter parameter : gpt.parameters().all()) {
            assertArrayEquals(new double[parameter.shape().size()], parameter.grad());
        }
    }

    @Test
    void theListOfAllParametersCannotBeChanged() {
        List<Parameter> all = Parameters.drawnFrom(new PythonRandom(1)).all();
        assertThrows(UnsupportedOperationException.class, () -> all.add(new Parameter("x", Shape.of(1), 0.0)));
    }

    private static Map<String, Tensor> stored(GptConfig config) {
        return stored(new Gpt(config, Parameters.drawnFrom(new PythonRandom(1))));
    }

    private static Map<String, Tensor> stored(Gpt gpt) {
        Map<String, Tensor> stored = new LinkedHashMap<>();
        for (Parameter parameter : gpt.parameters().all()) {
            stored.put(parameter.name(), Tensor.constant(parameter.shape(), parameter.data()));
        }
        return stored;
    }

    private static void assertMessage(String message, Executable executable) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, executable).getMessage());
    }
}

package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.PackedMatrix;
import dev.microgpt.autograd.PackedMatrix.Precision;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.ParameterUpdates;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.model.trace.Hooks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InferenceModelTest {
    private static Gpt rounded(GptConfig config, Precision precision) {
        Gpt gpt = RandomModels.gpt(config, 5);
        for (Parameter parameter : gpt.parameters().all()) {
            double[] data = parameter.data();
            for (int i = 0; i < data.length && precision != Precision.F64; i++) {
                int bits = Float.floatToRawIntBits((float) data[i]);
                data[i] = Float.intBitsToFloat(precision == Precision.F32 ? bits : bits & 0xFFFF_0000);
            }
        }
        return gpt;
    }

    /** A third of the shapes for each precision, all of them together. */
    private static List<GptConfig> shapes(Precision precision) {
        List<GptConfig> shapes = new ArrayList<>();
        for (int i = precision.ordinal(); i < RandomModels.SHAPES.size(); i += Precision.values().length) {
            shapes.add(RandomModels.SHAPES.get(i));
        }
        return shapes;
    }

    private static int[] tokens(GptConfig config, int count) {
        int[] ids = new int[count];
        for (int i = 0; i < count; i++) {
            ids[i] = (5 * i + i * i) % config.vocabSize();
        }
        return ids;
    }

    @ParameterizedTest
    @EnumSource
    void hasTheBitsOfTheModel(Precision precision) {
        for (GptConfig config : shapes(precision)) {
            Gpt gpt = rounded(config, precision);
            LanguageModel packed = gpt.forInference();
            Batch batch = Batch.ofPrompt(tokens(config, config.blockSize()));
            double[] expected = gpt.forward(Tape.inference(), batch).toArray();
            assertArrayEquals(expected, packed.forward(Tape.inference(), batch).toArray(), config.toString());
            Decoder decoder = packed.decoder();
            int columns = config.vocabSize();
            Tape tape = Tape.inference();
            for (int i = 0; i < config.blockSize(); i++) {
                tape.reset();
                double[] last =
                        decoder.last(tape, Batch.ofPrompt(batch.ids()[i])).toArray();
                assertArrayEquals(Arrays.copyOfRange(expected, i * columns, (i + 1) * columns), last);
            }
        }
    }

    @Test
    void packsTheMatricesOfItsLayersAlone() {
        Gpt gpt = rounded(GptConfig.gpt2(17).withSizes(2, 3, 24, 19), Precision.F32);
        for (Parameter parameter : gpt.forInference().parameters().all()) {
            boolean isMatrix = parameter.shape().rank() == 2;
            PackedMatrix packed = parameter.packed();
            assertEquals(isMatrix, packed != null, parameter.name());
            if (packed != null) {
                assertSame(Precision.F32, packed.precision(), parameter.name());
                assertTrue(packed.bits().length >= packed.shape().size());
                assertEquals(0, packed.numbers().length);
            }
        }
    }

    /** It is a copy: training goes on in the model, and later changes do not reach it. */
    @Test
    void doesNotChangeWithTheModel() {
        Gpt gpt = rounded(GptConfig.gpt2(17).withSizes(1, 3, 24, 19), Precision.F64);
        LanguageModel packed = gpt.forInference();
        Batch batch = Batch.ofPrompt(1, 2, 3);
        double[] before = packed.forward(Tape.inference(), batch).toArray();
        gpt.parameters().all().forEach(parameter -> Arrays.fill(parameter.data(), 0.25));
        assertArrayEquals(before, packed.forward(Tape.inference(), batch).toArray());
        assertThrows(IllegalStateException.class, () -> packed.forward(Tape.training(), batch));
        assertNotNull(packed.forInference());
    }

    @Test
    void isNotMadeOfAModelThatAnotherThreadTrains() throws InterruptedException {
        Gpt gpt = RandomModels.gpt(GptConfig.microgpt(7).withSizes(1, 1, 4, 2), 1);
        List<Parameter> parameters = gpt.parameters().all();
        Thread trainer = new Thread(() -> ParameterUpdates.claim(parameters), "trainer");
        trainer.start();
        trainer.join();
        String message =
                assertThrows(IllegalStateException.class, gpt::forInference).getMessage();
        assertTrue(message.contains("inference: thread \"trainer\" is training parameter \"wte\""), message);
    }

    /** A layer that asks for an ordinary parameter gets one, whatever it does with it. */
    @Test
    void leavesOtherParametersAsTheyAre() {
        Parameters drawn = Parameters.drawnFrom(new PythonRandom(1));
        Parameter a = drawn.root().get("a", Shape.of(2, 3), Initializer.constant(0.5));
        drawn.root().weight("b", Shape.of(2, 3), Initializer.constant(0.25));
        Parameters copies = drawn.forInference();
        Parameter first = copies.root().get("a", Shape.of(2, 3), Initializer.constant(0));
        Parameter second = copies.root().weight("b", Shape.of(2, 3), Initializer.constant(0));
        assertNull(first.packed());
        assertArrayEquals(a.data(), first.data());
        assertNotNull(second.packed());
        copies.checkAllUsed();
    }

    @Test
    void showsTheSamePointsToHooks() {
        Gpt gpt = rounded(GptConfig.gpt2(17).withSizes(2, 3, 24, 19), Precision.BF16);
        LanguageModel packed = gpt.forInference();
        assertEquals(seen(gpt).keySet(), seen(packed).keySet());
        seen(gpt)
                .forEach((point, values) ->
                        assertArrayEquals(values, seen(packed).get(point), point));
    }

    private static Map<String, double[]> seen(LanguageModel model) {
        Map<String, double[]> seen = new LinkedHashMap<>();
        Tape tape = Tape.inference();
        tape.addHook((on, name, x) -> {
            seen.put(name, x.toArray());
            return name.equals("layer0.mlp_out") ? on.scale(x, 0.0) : x;
        });
        model.forward(tape, Batch.ofPrompt(1, 2, 3));
        assertEquals(Hooks.of(model).points(), new ArrayList<>(seen.keySet()));
        return seen;
    }

    @ParameterizedTest
    @EnumSource
    void sequencesThatAreDecodedTogetherHaveTheirOwnBits(Precision precision) {
        for (GptConfig config : shapes(precision)) {
            LanguageModel model = rounded(config, precision).forInference();
            int count = 5;
            List<Decoder> together = new ArrayList<>();
            List<Decoder> alone = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                together.add(model.decoder());
                alone.add(model.decoder());
                int[] prompt = tokens(config, 1 + i % Math.max(1, config.blockSize() - 4));
                together.get(i).last(Tape.inference(), Batch.ofPrompt(prompt));
                alone.get(i).last(Tape.inference(), Batch.ofPrompt(prompt));
            }
            for (int step = 0; step < 2; step++) {
                int[] next = tokens(config, count);
                Tensor rows = Decoder.together(Tape.inference(), together, next);
                for (int i = 0; i < count; i++) {
                    double[] expected = alone.get(i)
                            .last(Tape.inference(), Batch.ofPrompt(next[i]))
                            .toArray();
                    int columns = expected.length;
                    assertArrayEquals(
                            expected,
                            Arrays.copyOfRange(rows.data(), i * columns, (i + 1) * columns),
                            config.toString());
                    assertEquals(alone.get(i).length(), together.get(i).length());
                }
            }
        }
    }

    @Test
    void decodersOfOneModelAreGivenATokenEach() {
        GptConfig config = GptConfig.microgpt(7).withSizes(1, 1, 4, 2);
        Gpt gpt = RandomModels.gpt(config, 1);
        Decoder first = gpt.decoder();
        Decoder second = gpt.decoder();
        Decoder other = RandomModels.gpt(config, 1).decoder();
        Tape tape = Tape.inference();
        refused("there are 0 decoders", () -> Decoder.together(tape, List.of()));
        refused("there are 2 decoders and 1 tokens", () -> Decoder.together(tape, List.of(first, second), 1));
        refused("decoder 1 was given before", () -> Decoder.together(tape, List.of(first, first), 1, 2));
        refused("decoder 1 belongs to another model", () -> Decoder.together(tape, List.of(first, other), 1, 2));
        refused("token 0 is 7", () -> Decoder.together(tape, List.of(first, second), 1, 7));
        assertEquals(0, first.length());
        Decoder.together(tape, List.of(first, second), 1, 2);
        second.last(tape, Batch.ofPrompt(1));
        refused("the model has 2", () -> Decoder.together(tape, List.of(first, second), 1, 2));
        assertEquals(1, first.length());
    }

    private static void refused(String expected, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertTrue(message.contains(expected), message);
    }
}

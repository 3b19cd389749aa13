package dev.microgpt.model.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.ModelConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.RandomModels;
import dev.microgpt.model.check.BigramModel;
import dev.microgpt.model.generate.Generator;
import dev.microgpt.model.generate.Sampler;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A part that a hook switches off is the same, bit for bit, as a part whose weights are zero. */
class HooksTest {
    private static final GptConfig CONFIG = GptConfig.microgpt(7).withSizes(2, 2, 8, 6);
    private static final Batch BATCH = Batch.ofPrompt(1, 4, 0, 6, 2);

    private static final LanguageModel BIGRAMS =
            ModelConfig.of(new BigramModel.Type(), 7, 6).create(Parameters.drawnFrom(new PythonRandom(1)));

    private final Gpt gpt = RandomModels.gpt(CONFIG, 11);

    @Test
    void zeroOfAHeadIsZeroOfItsColumnsOfTheOutputProjection() {
        for (int head = 0; head < 2; head++) {
            Gpt without = RandomModels.gpt(CONFIG, 11);
            Parameter wo = parameter(without, "layer1.attn_wo");
            for (int row = 0; row < 8; row++) {
                Arrays.fill(wo.data(), row * 8 + head * 4, row * 8 + (head + 1) * 4, 0);
            }
            Ablation ablation = new Ablation(Ablation.Kind.HEAD, 1, head, 4);
            assertSameLogits(without, ablation.addTo(Hooks.of(gpt)));
        }
    }

    @Test
    void zeroOfAPartIsZeroOfItsLastWeights() {
        Gpt without = RandomModels.gpt(CONFIG, 11);
        Arrays.fill(parameter(without, "layer0.mlp_fc2").data(), 0);
        assertSameLogits(without, new Ablation(Ablation.Kind.MLP, 0, -1, 0).addTo(Hooks.of(gpt)));
        Arrays.fill(parameter(without, "layer0.attn_wo").data(), 0);
        assertSameLogits(without, new Ablation(Ablation.Kind.LAYER, 0, -1, 0).addTo(Hooks.of(gpt)));
        Gpt other = RandomModels.gpt(CONFIG, 11);
        Arrays.fill(parameter(other, "layer1.attn_wo").data(), 0);
        assertSameLogits(other, new Ablation(Ablation.Kind.ATTENTION, 1, -1, 0).addTo(Hooks.of(gpt)));
    }

    @Test
    void allPartsCanBeSwitchedOffAndEachChangesSomething() {
        List<Ablation> all = Ablation.of(gpt);
        assertEquals(
                "[layer 0, head 0, layer 0, head 1, layer 0, attention, layer 0, MLP, layer 0, "
                        + "layer 1, head 0, layer 1, head 1, layer 1, attention, layer 1, MLP, layer 1]",
                all.toString());
        double[] whole = logits(gpt, null);
        Hooks hooks = Hooks.of(gpt).zero("logits");
        for (Ablation ablation : all) {
            double[] without = logits(gpt, ablation.addTo(hooks.empty()));
            assertTrue(!Arrays.equals(whole, without), ablation.toString());
            assertTrue(without[0] != 0, "what other hooks do is not done");
        }
        assertEquals(List.of(), Ablation.of(BIGRAMS));
    }

    @Test
    void patchMovesWhatTheModelThoughtOfAnotherText() {
        Batch other = Batch.ofPrompt(3, 3, 5, 1, 0);
        Tape tape = Tape.inference();
        Trace trace = Trace.on(tape);
        double[] expected = gpt.forward(tape, other).toArray();
        // behind the last layer there is nothing but this stream
        assertArrayEquals(expected, logits(gpt, Hooks.of(gpt).patch("layer1.stream", trace.at("layer1.stream"))));
        Hooks wrong = Hooks.of(gpt).patch("layer1.stream", Tensor.constant(Shape.of(8), new double[8]));
        assertThrows(IllegalArgumentException.class, () -> logits(gpt, wrong));
    }

    @Test
    void actionsAtOnePointAreDoneInTheirOrder() {
        List<Double> seen = new ArrayList<>();
        Hooks hooks = Hooks.of(gpt)
                .read("logits", x -> seen.add(x.data()[0]))
                .replace("logits", x -> {
                    x[0] = 5;
                    return x;
                })
                .read("logits", x -> seen.add(x.data()[0]));
        double[] whole = logits(gpt, null);
        double[] changed = logits(gpt, hooks);
        assertEquals(List.of(whole[0], 5.0), seen);
        assertEquals(5, changed[0]);
        assertArrayEquals(Arrays.copyOfRange(whole, 1, whole.length), Arrays.copyOfRange(changed, 1, changed.length));
    }

    @Test
    void namesAndColumnsThatDoNotExistAreRefused() {
        Exception refused =
                assertThrows(IllegalArgumentException.class, () -> Hooks.of(gpt).zero("layer2.mlp_out"));
        assertTrue(refused.getMessage().startsWith("the model has no point \"layer2.mlp_out\"; it has embd, "));
        assertThrows(IllegalArgumentException.class, () -> Hooks.of(gpt).zero("logits", 3, 2));
        assertThrows(IllegalArgumentException.class, () -> Hooks.of(gpt).zero("logits", -1, 2));
        Hooks wide = Hooks.of(gpt).zero("logits", 0, 8);
        refused = assertThrows(IllegalArgumentException.class, () -> logits(gpt, wide));
        assertEquals(
                "hooks: columns up to 8 of logits are to be zero, but it is (5, 7) and has 7", refused.getMessage());
    }

    @Test
    void lensEndsWithTheLogitsAndBeginsWithThoseOfAModelThatAddsNothing() {
        Map<String, Tensor> lens = LogitLens.of(gpt, BATCH);
        assertEquals(
                List.of("embd", "layer0.stream_mid", "layer0.stream", "layer1.stream_mid", "layer1.stream"),
                List.copyOf(lens.keySet()));
        assertArrayEquals(logits(gpt, null), lens.get("layer1.stream").toArray());
        Gpt nothing = RandomModels.gpt(CONFIG, 11);
        for (Parameter parameter : nothing.parameters().all()) {
            if (parameter.name().endsWith("attn_wo") || parameter.name().endsWith("mlp_fc2")) {
                Arrays.fill(parameter.data(), 0);
            }
        }
        assertArrayEquals(logits(nothing, null), lens.get("embd").toArray());
        assertEquals(Map.of(), LogitLens.of(BIGRAMS, BATCH));
    }

    @Test
    void aGeneratorRunsWithHooks() {
        Generator generator = new Generator(gpt, new Sampler(1));
        generator.addHook(Hooks.of(gpt).replace("logits", x -> {
            x[x.length - 4] = 1e3; // the last row
            return x;
        }));
        int[] ids = generator.generate(new int[] {1}, 5, Generator.NO_STOP, new PythonRandom(5));
        assertArrayEquals(new int[] {3, 3, 3, 3, 3}, ids);
    }

    private static double[] logits(LanguageModel model, Hooks hooks) {
        Tape tape = Tape.inference();
        if (hooks != null) {
            tape.addHook(hooks);
        }
        return model.forward(tape, BATCH).toArray();
    }

    private void assertSameLogits(Gpt expected, Hooks hooks) {
        assertArrayEquals(logits(expected, null), logits(gpt, hooks));
    }

    private static Parameter parameter(Gpt gpt, String name) {
        return gpt.parameters().all().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}

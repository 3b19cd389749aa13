package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class GptPartsTest {
    private static final boolean[] CHOICES = {false, true};
    private static final CounterRandom STEP = new CounterRandom(5);

    @Test
    void configurationCountsTheParametersThatTheModelAsksFor() {
        for (GptConfig variant : all()) {
            GptConfig config = variant.withVocabSize(7).withSizes(2, 2, 6, 5);
            Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
            assertEquals(config.parameterCount(), gpt.parameters().count(), variant.toString());
        }
    }

    @Test
    void presetsHaveThePublishedSizes() {
        // the parameter counts of Hugging Face's transformers for gpt2, gpt2-medium, gpt2-large and gpt2-xl
        assertEquals(124_439_808, GptConfig.gpt2(50_257).parameterCount());
        assertEquals(354_823_168, GptConfig.gpt2Medium(50_257).parameterCount());
        assertEquals(774_030_080, GptConfig.gpt2Large(50_257).parameterCount());
        assertEquals(1_557_611_200, GptConfig.gpt2Xl(50_257).parameterCount());
        assertEquals(
                (65 + 64) * 128 + 4 * (12 * 128 * 128 + 2 * 128) + 128,
                GptConfig.nano(65).parameterCount());
    }

    @Test
    void weightsThatWriteToTheResidualStreamOfGpt2AreSmallerByTheRootOfTwiceTheLayers() {
        Gpt gpt = new Gpt(GptConfig.gpt2(50).withSizes(8, 2, 64, 32), Parameters.drawnFrom(new PythonRandom(1)));
        assertEquals(0.02, deviation(gpt, "wte"), 0.002);
        assertEquals(0.02, deviation(gpt, "layer3.attn_wq"), 0.002);
        assertEquals(0.02, deviation(gpt, "layer3.mlp_fc1"), 0.002);
        assertEquals(0.005, deviation(gpt, "layer3.attn_wo"), 0.0005);
        assertEquals(0.005, deviation(gpt, "layer7.mlp_fc2"), 0.0005);
        assertArrayEquals(
                new double[64], gpt.parameters().get("final_norm.bias").toArray());
        double[] ones = new double[64];
        Arrays.fill(ones, 1.0);
        assertArrayEquals(ones, gpt.parameters().get("final_norm.gain").toArray());
    }

    @Test
    void scaledWeightsAreThoseOfGpt2AtItsWidthAndLargerInNarrowerModels() {
        Gpt gpt = new Gpt(GptConfig.nano(50).withSizes(8, 2, 48, 32), Parameters.drawnFrom(new PythonRandom(1)));
        assertEquals(0.08, deviation(gpt, "wte"), 0.008);
        assertEquals(0.08, deviation(gpt, "layer3.mlp_fc1"), 0.008);
        assertEquals(0.02, deviation(gpt, "layer3.attn_wo"), 0.002);
        double[] scaled = new double[100];
        double[] gpt2 = new double[100];
        Initialization.SCALED.weights(768).fill(scaled, Shape.of(100), new PythonRandom(1));
        Initialization.GPT2.weights(768).fill(gpt2, Shape.of(100), new PythonRandom(1));
        assertArrayEquals(gpt2, scaled);
    }

    @Test
    void biasesOfQueriesKeysAndValuesAloneAreThreeOfALayer() {
        GptConfig config = GptConfig.nano(7).withSizes(1, 2, 6, 5).with(GptConfig.QKV_BIAS, true);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
        List<String> biases = gpt.parameters().all().stream()
                .map(Parameter::name)
                .filter(name -> name.matches(".*_b.*"))
                .toList();
        assertEquals(List.of("layer0.attn_bq", "layer0.attn_bk", "layer0.attn_bv"), biases);
        Batch batch = Batch.forTraining(List.of(new int[] {1, 2, 3, 4}, new int[] {0, 1}));
        // a bias of all keys adds the same to all scores of a query, which softmax ignores
        GradientCheck.smooth()
                .check(
                        "gpt",
                        tape -> gpt.forward(tape, batch),
                        gpt.parameters().get("layer0.attn_bq"),
                        gpt.parameters().get("layer0.attn_bv"));
    }

    private static double deviation(Gpt gpt, String name) {
        Parameter parameter = gpt.parameters().get(name);
        double squares = 0;
        for (double x : parameter.data()) {
            squares += x * x;
        }
        return Math.sqrt(squares / parameter.shape().size());
    }

    @Test
    void modelDropsNothingUnlessTheBatchIsRandom() {
        Gpt gpt = RandomModels.gpt(GptConfig.gpt2(11).withSizes(2, 2, 8, 9), 3);
        Batch batch = Batch.forTraining(List.of(new int[] {1, 2, 3, 4, 5}));
        double[] plain = gpt.forward(Tape.training(), batch).toArray();
        double[] cached = gpt.decoder()
                .forward(Tape.inference(), Batch.ofPrompt(1, 2, 3, 4))
                .toArray();
        assertArrayEquals(plain, cached);
        double[] dropped =
                gpt.forward(Tape.training(), batch.withRandom(STEP, 0)).toArray();
        assertFalse(Arrays.equals(plain, dropped));
    }

    @Test
    void sequenceDropsTheSameInWhateverBatchOfTheStepItComes() {
        Gpt gpt = RandomModels.gpt(GptConfig.gpt2(11).withSizes(2, 2, 8, 9), 3);
        int[][] sequences = {{1, 2, 3}, {4, 5, 6, 7, 8, 9}, {1, 10}};
        Tape tape = Tape.training();
        double[] packed = gpt.forward(
                        tape, Batch.forTraining(List.of(sequences)).withRandom(STEP, 4))
                .toArray();
        int from = 0;
        for (int s = 0; s < sequences.length; s++) {
            tape.reset();
            double[] alone = gpt.forward(
                            tape, Batch.forTraining(List.of(sequences[s])).withRandom(STEP, 4 + s))
                    .toArray();
            assertArrayEquals(alone, Arrays.copyOfRange(packed, from, from + alone.length), "sequence " + s);
            from += alone.length;
        }
    }

    @Test
    void dropoutOutOfRangeIsRefused() {
        for (double rate : new double[] {-0.1, 1.0, Double.NaN}) {
            IllegalArgumentException e = assertThrows(
                    IllegalArgumentException.class, () -> GptConfig.microgpt(2).with(GptConfig.DROPOUT, rate));
            assertEquals("dropout is " + rate + ", but must be a number of at least 0 and below 1", e.getMessage());
        }
    }

    @Test
    void constantOfTheNormsOutOfRangeIsRefused() {
        for (double eps : new double[] {0.0, -1e-5, Double.NaN, Double.POSITIVE_INFINITY}) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> unusual(eps));
            assertEquals("norm_eps is " + eps + ", but must be a finite number above 0", e.getMessage());
        }
    }

    private static GptConfig unusual(double normEps) {
        return GptConfig.microgpt(2)
                .with(GptConfig.INITIALIZATION, Initialization.GPT2)
                .with(GptConfig.NORM_EPS, normEps)
                .with(GptConfig.ATTENTION_SCALE, AttentionScale.NONE);
    }

    @Test
    void dropoutCanBeChangedAndNothingElse() {
        GptConfig variant = RandomModels.unusual();
        assertEquals(0.25, variant.with(GptConfig.DROPOUT, 0.25).get(GptConfig.DROPOUT));
        assertEquals(
                variant, variant.with(GptConfig.DROPOUT, 0.25).with(GptConfig.DROPOUT, variant.get(GptConfig.DROPOUT)));
    }

    @Test
    void attentionIsScaledByTheWidthOfAHeadAndByTheLayer() {
        assertEquals(0.25, AttentionScale.HEAD.of(16, 3));
        assertEquals(0.0625, AttentionScale.HEAD_AND_LAYER.of(16, 3));
        assertEquals(0.25, AttentionScale.LAYER.of(16, 3));
        assertEquals(1.0, AttentionScale.NONE.of(16, 3));
    }

    private static List<GptConfig> all() {
        List<GptConfig> variants = new ArrayList<>();
        for (Norm norm : Norm.BUILT_IN) {
            for (Activation activation : Activation.BUILT_IN) {
                for (int choice = 0; choice < 16; choice++) {
                    variants.add(GptConfig.microgpt(2)
                            .withNorm(norm)
                            .withActivation(activation)
                            .with(GptConfig.BIAS, CHOICES[choice & 1])
                            .with(GptConfig.TIE_HEAD, CHOICES[choice >> 1 & 1])
                            .with(GptConfig.EMBEDDING_NORM, CHOICES[choice >> 2 & 1])
                            .with(GptConfig.FINAL_NORM, CHOICES[choice >> 3 & 1])
                            .with(GptConfig.INITIALIZATION, Initialization.GPT2));
                }
            }
        }
        return variants;
    }
}

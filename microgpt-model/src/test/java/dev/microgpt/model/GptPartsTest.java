package dev.microgpt.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.model.random.PythonRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GptPartsTest {
    private static final boolean[] CHOICES = {false, true};
    private static final CounterRandom STEP = new CounterRandom(5);

    @Test
    void configurationCountsTheParametersThatTheModelAsksFor() {
        for (GptConfig variant : all()) {
            GptConfig config = variant.withVocabSize(7).withSizes(2, 2, 8, 5);
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
    void smallPresetsOfTodaysModelsAreAsLargeAsNano() {
        int channels = 128 * 128;
        // queries and output, half as many keys and values; gate, up and down of three times the channels; gains
        assertEquals(
                65 * 128 + 4 * ((2 + 1 + 9) * channels + 2 * 128) + 128,
                GptConfig.llama(65).parameterCount());
        assertEquals(2 * 65 * 128 + 4 * 12 * channels, GptConfig.nanochat(65).parameterCount());
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

    @Test
    void gatedMlpHasThreeMatricesEachWithItsBias() {
        GptConfig config =
                GptConfig.nano(7).withSizes(1, 2, 8, 5).withMlp(Mlp.SWIGLU).withInner(12);
        assertEquals(
                "mlp_gate (12, 8), mlp_bgate (12), mlp_up (12, 8), mlp_bup (12), mlp_down (8, 12), mlp_bdown (8)",
                mlp(config.with(GptConfig.BIAS, true)));
        assertEquals("mlp_gate (12, 8), mlp_up (12, 8), mlp_down (8, 12)", mlp(config));
    }

    private static String mlp(GptConfig config) {
        return config.shapes().entrySet().stream()
                .filter(parameter -> parameter.getKey().contains(".mlp_")
                        && !parameter.getKey().contains("norm"))
                .map(parameter -> parameter.getKey().substring("layer0.".length()) + " " + parameter.getValue())
                .collect(Collectors.joining(", "));
    }

    @Test
    void gatedMlpMultipliesTheFunctionOfTheGateWithTheOtherProjection() {
        for (Mlp mlp : List.of(Mlp.SWIGLU, Mlp.GEGLU)) {
            GptConfig config =
                    GptConfig.nano(7).withSizes(1, 1, 2, 5).withMlp(mlp).withInner(1);
            Parameters parameters = Parameters.drawnFrom(new PythonRandom(1));
            Layer layer = mlp.create(parameters.root(), config);
            set(parameters, "mlp_gate", 0.5, -1.25);
            set(parameters, "mlp_up", 3, 0.25);
            set(parameters, "mlp_down", 1, -2);
            double gate = 2 * 0.5 - 1.25;
            double open = mlp == Mlp.SWIGLU
                    ? gate / (1 + StrictMath.exp(-gate))
                    : Tape.inference().gelu(Tensor.constant(Shape.of(1), gate)).item();
            double hidden = open * (2 * 3 + 0.25);
            double[] y = layer.forward(Tape.inference(), Tensor.constant(Shape.of(1, 2), 2, 1), Batch.ofPrompt(0))
                    .toArray();
            assertArrayEquals(new double[] {hidden, -2 * hidden}, y, 1e-15 * 10, mlp.toString());
        }
    }

    private static void set(Parameters parameters, String name, double... values) {
        System.arraycopy(values, 0, parameters.get(name).data(), 0, values.length);
    }

    @Test
    void rotaryPositionsNeedNoParameterAndKnowDistancesOnly() {
        GptConfig config = GptConfig.nano(7).withSizes(2, 2, 8, 9).withPositions(Positions.ROPE);
        assertFalse(config.shapes().containsKey("wpe"));
        Gpt gpt = RandomModels.gpt(config, 3);
        double[] near = logits(gpt, 1, 2, 3, 4);
        assertFalse(Arrays.equals(near, logits(gpt, 2, 1, 3, 4)), "the order of earlier tokens has an influence");
        Gpt slow = RandomModels.gpt(config.with(GptConfig.ROPE_THETA, 3.0), 3);
        assertFalse(Arrays.equals(near, logits(slow, 1, 2, 3, 4)), "the base has an influence");
        Batch later = Batch.ofPrompt(1, 2, 3, 4).after(5);
        double[] shifted = gpt.forward(Tape.inference(), later).toArray();
        assertArrayEquals(near, Arrays.copyOfRange(shifted, 3 * 7, 4 * 7), 1e-12);
    }

    /** Returns the logits of the last position. */
    private static double[] logits(Gpt gpt, int... tokens) {
        double[] all = gpt.forward(Tape.inference(), Batch.ofPrompt(tokens)).toArray();
        return Arrays.copyOfRange(all, all.length - gpt.config().vocabSize(), all.length);
    }

    @Test
    void rotaryPositionsOfHeadsWithAnOddWidthAreRefusedBeforeAModelIsCreated() {
        GptConfig config = GptConfig.nano(7).withSizes(1, 2, 10, 5).withPositions(Positions.ROPE);
        assertEquals(
                "positions is rope, which turns the channels of a head in pairs, but n_embd 10 and n_head 2 make heads"
                        + " of 5 channels; choose an even head_dim, or other positions",
                assertThrows(IllegalArgumentException.class, config::checkFits).getMessage());
        GptConfig said = config.with(GptConfig.HEAD_DIM, 7);
        assertEquals(
                "positions is rope, which turns the channels of a head in pairs, but head_dim is 7; choose an even"
                        + " head_dim, or other positions",
                assertThrows(IllegalArgumentException.class, said::checkFits).getMessage());
    }

    @Test
    void rotaryPositionsThatNoTableHoldsAreRefusedBeforeAModelIsCreated() {
        GptConfig config =
                GptConfig.nano(7).withSizes(1, 2, 8, Integer.MAX_VALUE).withPositions(Positions.ROPE);
        assertEquals(
                "positions is rope, whose table has block_size 2147483647 times head_dim 4 numbers, but an array holds"
                        + " at most 2147483647; choose a smaller block_size, or other positions",
                assertThrows(IllegalArgumentException.class, config::checkFits).getMessage());
        config.withBlockSize(Integer.MAX_VALUE / 4).checkFits();
        config.withPositions(Positions.NONE).checkFits();
    }

    @Test
    void aBaseWithWhichAnglesAreInfiniteIsRefused() {
        GptConfig config = GptConfig.nano(7)
                .withSizes(1, 1, 128, 8)
                .withPositions(Positions.ROPE)
                .with(GptConfig.ROPE_THETA, Double.MIN_VALUE);
        assertEquals(
                "rotary: theta is 4.9E-324, with which heads of 128 channels turn by infinite angles; choose a larger"
                        + " one, such as 10000",
                assertThrows(IllegalArgumentException.class, () -> RandomModels.gpt(config, 1))
                        .getMessage());
    }

    /** A damaged file may claim any block size. */
    @Test
    void tableOfRotaryPositionsTakesNothingBeforeItIsUsed() {
        int most = Integer.MAX_VALUE / 4;
        GptConfig config = GptConfig.nano(7).withSizes(1, 2, 8, most).withPositions(Positions.ROPE);
        assertEquals(7 * 8 + 12 * 64 + 3 * 8, config.parameterCount());
        assertEquals(7, logits(RandomModels.gpt(config, 1), 1, 2).length);
    }

    @Test
    void softcapBoundsTheLogitsInForwardAndDecoder() {
        GptConfig config = GptConfig.nano(7).withSizes(1, 2, 8, 9);
        double[] free = logits(RandomModels.gpt(config, 3), 1, 2, 3);
        Gpt gpt = RandomModels.gpt(config.with(GptConfig.SOFTCAP, 0.75), 3);
        double[] capped = logits(gpt, 1, 2, 3);
        for (int i = 0; i < free.length; i++) {
            assertEquals(0.75 * StrictMath.tanh(free[i] / 0.75), capped[i], 1e-15);
            assertTrue(Math.abs(free[i] - capped[i]) > 1e-6, "logit " + i + " is large enough to see it");
        }
        assertArrayEquals(
                capped,
                gpt.decoder().last(Tape.inference(), Batch.ofPrompt(1, 2, 3)).toArray());
    }

    @Test
    void outputsOfBlocksAndAHeadOfItsOwnCanBeginAsZeros() {
        GptConfig config =
                GptConfig.nano(50).withSizes(2, 2, 64, 9).with(GptConfig.INITIALIZATION, Initialization.ZERO_OUT);
        for (Mlp mlp : Mlp.BUILT_IN) {
            for (boolean tied : CHOICES) {
                GptConfig variant = config.withMlp(mlp).with(GptConfig.TIE_HEAD, tied);
                Gpt gpt = new Gpt(variant, Parameters.drawnFrom(new PythonRandom(1)));
                for (Parameter parameter : gpt.parameters().all()) {
                    String name = parameter.name();
                    boolean isZero = name.matches("lm_head|.*(attn_wo|mlp_fc2|mlp_down)");
                    double expected = isZero ? 0 : name.contains("norm") ? 1 : 0.02 * Math.sqrt(768.0 / 64);
                    assertEquals(expected, deviation(gpt, name), expected * 0.1, name);
                }
            }
        }
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
            for (Mlp mlp : Mlp.BUILT_IN) {
                for (int choice = 0; choice < 32; choice++) {
                    variants.add(GptConfig.microgpt(2)
                            .withNorm(norm)
                            .withMlp(mlp)
                            .with(GptConfig.BIAS, CHOICES[choice & 1])
                            .with(GptConfig.TIE_HEAD, CHOICES[choice >> 1 & 1])
                            .with(GptConfig.EMBEDDING_NORM, CHOICES[choice >> 2 & 1])
                            .with(GptConfig.FINAL_NORM, CHOICES[choice >> 3 & 1])
                            .withPositions(choice >> 4 == 0 ? Positions.LEARNED : Positions.ROPE)
                            .with(GptConfig.INITIALIZATION, Initialization.GPT2));
                }
            }
        }
        return variants;
    }
}

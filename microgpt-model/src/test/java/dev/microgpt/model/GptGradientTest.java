package dev.microgpt.model;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The gradient of every weight of whole models, compared with finite differences.
 *
 * <p>Weights are multiplied by ten, so that no gradient is too small to matter. A difference across the kink of a ReLU
 * would be wrong on its own; the seeds are chosen so that no input of a ReLU is near zero.
 */
class GptGradientTest {
    private static int functions;
    private static long weights;
    private static double worst;

    private record Model(GptConfig config, long seed, int... lengths) {
        @Override
        public String toString() {
            return config + ", seed " + seed + ", targets " + Arrays.toString(lengths);
        }
    }

    private static final GptConfig RMS_WITH_GAIN = GptConfig.microgpt(2)
            .withNorm(Norm.RMS_GAIN)
            .withActivation(Activation.GELU)
            .with(GptConfig.BIAS, true)
            .with(GptConfig.FINAL_NORM, true);

    static Stream<Model> models() {
        return Stream.of(
                new Model(GptConfig.microgpt(5).withSizes(1, 1, 4, 3), 1, 3),
                new Model(GptConfig.microgpt(5).withSizes(1, 2, 4, 3), 2, 2, 3, 1),
                new Model(GptConfig.microgpt(2).withSizes(1, 2, 6, 4), 3, 4, 2),
                new Model(GptConfig.microgpt(7).withSizes(2, 4, 8, 4), 4, 4),
                new Model(GptConfig.microgpt(6).withSizes(3, 1, 3, 4), 5, 4, 1),
                new Model(GptConfig.microgpt(4).withSizes(1, 2, 8, 1), 6, 1, 1),
                new Model(GptConfig.nano(5).withSizes(2, 2, 6, 4), 7, 4, 2),
                new Model(GptConfig.gpt2(5).withSizes(2, 2, 6, 4), 8, 3, 4),
                new Model(RMS_WITH_GAIN.withVocabSize(5).withSizes(1, 2, 6, 4), 9, 4, 1),
                new Model(
                        RandomModels.unusual()
                                .withVocabSize(5)
                                .withSizes(2, 2, 6, 4)
                                .withInner(7),
                        10,
                        4,
                        1),
                new Model(RandomModels.windowed().withVocabSize(5).withSizes(2, 6, 5, 6), 11, 6, 2),
                new Model(
                        RandomModels.windowed()
                                .withVocabSize(5)
                                .withSizes(1, 4, 6, 5)
                                .with(GptConfig.N_KV_HEAD, 1)
                                .with(GptConfig.QK_NORM, Norm.LAYER),
                        12,
                        5),
                new Model(GptConfig.llama(5).withSizes(2, 2, 8, 4).withInner(7), 21, 4, 2),
                new Model(GptConfig.nanochat(5).withSizes(2, 2, 8, 4), 38, 3, 4),
                new Model(
                        GptConfig.gpt2(5)
                                .withSizes(1, 2, 8, 4)
                                .withPositions(Positions.ROPE)
                                .withMlp(Mlp.GEGLU)
                                .with(GptConfig.SOFTCAP, 2.0),
                        13,
                        4,
                        1));
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyGradientOfTheLossIsItsDerivative(Model model) {
        Gpt gpt = gpt(model);
        Batch batch = batch(model);
        Function<Tape, Tensor> loss = tape -> tape.crossEntropy(gpt.forward(tape, batch), batch.targets());
        check("loss", model, gpt, loss);
    }

    @ParameterizedTest
    @MethodSource("models")
    void everyGradientOfAllLogitsIsItsDerivative(Model model) {
        Gpt gpt = gpt(model);
        Batch batch = batch(model);
        check("logits", model, gpt, tape -> gpt.forward(tape, batch));
    }

    private static void check(String name, Model model, Gpt gpt, Function<Tape, Tensor> function) {
        // with one position there is one key, so queries and keys have no influence; a bias of all keys never has any
        boolean someHaveNone = model.config().blockSize() == 1 || model.config().get(GptConfig.BIAS);
        GradientCheck check = GradientCheck.kinked().withSeed(model.seed());
        check = someHaveNone ? check.allowingZeroGradients() : check;
        List<Parameter> parameters = new ArrayList<>(gpt.parameters().all());
        // a bias of all keys shifts all scores of a query equally and has no influence: only rounding remains
        parameters.removeIf(parameter -> parameter.name().endsWith("attn_bk"));
        worst = Math.max(worst, check.check(name, function, parameters));
        functions++;
        weights += gpt.parameters().count();
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = String.format(
                Locale.ROOT,
                "%,d derivatives of %d functions of whole models tried, all held; worst relative error %.1e",
                weights,
                functions,
                worst);
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private static Gpt gpt(Model model) {
        Gpt gpt = RandomModels.withoutZeros(model.config(), model.seed());
        for (Parameter parameter : gpt.parameters().all()) {
            for (int i = 0; i < parameter.data().length && parameter.shape().rank() > 1; i++) {
                parameter.data()[i] *= 10;
            }
        }
        return gpt;
    }

    private static Batch batch(Model model) {
        Random random = new Random(model.seed());
        List<int[]> sequences = new ArrayList<>();
        for (int length : model.lengths()) {
            sequences.add(
                    random.ints(length + 1L, 0, model.config().vocabSize()).toArray());
        }
        return Batch.forTraining(sequences).withRandom(new CounterRandom(model.seed()), 0); // for those with dropout
    }
}

package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MediaType;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Loss, logits and every gradient of the model against an engine that shares no code with it.
 *
 * <p>Differences cannot see a constant that is wrong forward and backward alike; this can. Two correct implementations
 * that sum in different orders lie about 1e-15 apart here, so 1e-12 lets noise pass and little else.
 */
class OracleTest {
    private static final double TOLERANCE = 1e-12;

    private static int compared;
    private static double worst;

    /** Weights larger than those that training starts with, so that no part of the model is nearly linear. */
    private record Model(String name, GptConfig config, double std, long seed, int... lengths) {
        @Override
        public String toString() {
            return name + " " + config + ", weights " + std + ", seed " + seed + ", targets "
                    + Arrays.toString(lengths);
        }
    }

    static Stream<Model> models() {
        GptConfig smallest = GptConfig.microgpt(5).withSizes(1, 1, 4, 3);
        GptConfig deep = GptConfig.microgpt(11).withSizes(2, 4, 16, 8);
        GptConfig oneToken = GptConfig.microgpt(7).withSizes(1, 2, 8, 1);
        GptConfig twoTokens = GptConfig.microgpt(2).withSizes(1, 2, 6, 5);
        GptConfig deeper = GptConfig.microgpt(9).withSizes(3, 2, 6, 7);
        return Stream.of(
                new Model("one sequence", smallest, 0.5, 1, 3),
                new Model("packed", smallest, 0.5, 2, 3, 1, 2),
                new Model("one sequence", deep, 0.3, 3, 8),
                new Model("packed", deep, 0.3, 4, 8, 3, 8, 1),
                new Model("one position", oneToken, 0.5, 5, 1),
                new Model("one position, packed", oneToken, 0.5, 6, 1, 1, 1),
                new Model("two tokens", twoTokens, 0.5, 7, 5),
                new Model("two tokens, packed", twoTokens, 0.5, 8, 2, 5, 4),
                new Model("one sequence", deeper, 0.4, 9, 7),
                new Model("packed", deeper, 0.4, 10, 2, 7, 7, 5),
                new Model("as training begins", GptConfig.microgpt(27), 0.08, 11, 16, 4),
                new Model("tiny weights, where the norm's constant counts", smallest, 1e-3, 12, 3, 2));
    }

    @ParameterizedTest
    @MethodSource("models")
    void lossLogitsAndEveryGradientAgree(Model model) {
        Gpt gpt = gpt(model);
        List<int[]> sequences = sequences(model);
        ScalarGpt oracle = ScalarGpt.copyOf(model.config(), gpt.parameters().all());

        Batch batch = Batch.forTraining(sequences);
        Tape tape = Tape.training();
        Tensor logits = gpt.forward(tape, batch);
        Tensor loss = tape.crossEntropy(logits, batch.targets());
        tape.backward(loss);
        Value expectedLoss = oracle.loss(sequences);
        expectedLoss.backward();

        double lossDistance = Math.abs(loss.item() / expectedLoss.data - 1);
        assertTrue(lossDistance <= TOLERANCE, "the loss is " + lossDistance + " apart");
        double logitsDistance = Distance.normwise(logits.toArray(), logits(oracle, sequences));
        assertTrue(logitsDistance <= TOLERANCE, "the logits are " + logitsDistance + " apart");
        double gradientDistance = Distance.assertClose(gradients(oracle), gradients(gpt), TOLERANCE);
        compared++;
        worst = Math.max(worst, Math.max(lossDistance, Math.max(logitsDistance, gradientDistance)));
    }

    @ParameterizedTest
    @MethodSource("models")
    void aTokenThatIsRepeatedGetsTheGradientsOfAllItsPlaces(Model model) {
        Gpt gpt = gpt(model);
        List<int[]> sequences = sequences(model);
        sequences.forEach(tokens -> Arrays.fill(tokens, 1));
        ScalarGpt oracle = ScalarGpt.copyOf(model.config(), gpt.parameters().all());

        Batch batch = Batch.forTraining(sequences);
        Tape tape = Tape.training();
        tape.backward(tape.crossEntropy(gpt.forward(tape, batch), batch.targets()));
        oracle.loss(sequences).backward();

        Distance.assertClose(gradients(oracle), gradients(gpt), TOLERANCE);
    }

    @AfterAll
    static void publish(TestReporter reporter) {
        String figure = String.format(
                Locale.ROOT,
                "loss, logits and every gradient of %d models tried, %d held; worst difference %.1e",
                compared,
                compared,
                worst);
        reporter.publishFile("figure.txt", MediaType.TEXT_PLAIN_UTF_8, file -> Files.writeString(file, figure));
    }

    private static Gpt gpt(Model model) {
        Gpt gpt = new Gpt(model.config(), Parameters.drawnFrom(new PythonRandom(model.seed())));
        for (Parameter parameter : gpt.parameters().all()) {
            for (int i = 0; i < parameter.data().length; i++) {
                parameter.data()[i] *= model.std() / 0.08;
            }
        }
        return gpt;
    }

    /** For each length so many tokens and one more, the last being a target only. */
    private static List<int[]> sequences(Model model) {
        Random random = new Random(model.seed());
        List<int[]> sequences = new ArrayList<>();
        for (int length : model.lengths()) {
            sequences.add(
                    random.ints(length + 1L, 0, model.config().vocabSize()).toArray());
        }
        return sequences;
    }

    private static double[] logits(ScalarGpt oracle, List<int[]> sequences) {
        List<Value> logits = new ArrayList<>();
        for (int[] tokens : sequences) {
            ScalarGpt.Sequence sequence = oracle.new Sequence();
            for (int i = 0; i + 1 < tokens.length; i++) {
                logits.addAll(List.of(sequence.logits(tokens[i])));
            }
        }
        return logits.stream().mapToDouble(logit -> logit.data).toArray();
    }

    private static Map<String, double[]> gradients(ScalarGpt oracle) {
        Map<String, double[]> gradients = new LinkedHashMap<>();
        oracle.weights.forEach((name, rows) -> gradients.put(
                name,
                Arrays.stream(rows)
                        .flatMap(Arrays::stream)
                        .mapToDouble(weight -> weight.grad)
                        .toArray()));
        return gradients;
    }

    private static Map<String, double[]> gradients(Gpt gpt) {
        Map<String, double[]> gradients = new LinkedHashMap<>();
        for (Parameter parameter : gpt.parameters().all()) {
            gradients.put(parameter.name(), parameter.grad());
        }
        return gradients;
    }
}

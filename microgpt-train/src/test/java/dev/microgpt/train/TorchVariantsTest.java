package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.CounterRandom;
import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.model.Activation;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Mlp;
import dev.microgpt.model.Norm;
import dev.microgpt.model.Positions;
import dev.microgpt.model.setting.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Loss, logits and every gradient of variants of the model, dropout among their choices, against PyTorch in float64:
 * {@code reference-torch-variants.json} and {@code reference-torch-modern.json} say which version and how to make them
 * again.
 *
 * <p>As a part of the largest number of a tensor, two correct implementations lie about 1e-15 apart here in an element
 * and up to 2e-13 in a sum of thousands; 1e-12 lets noise pass and little else.
 */
class TorchVariantsTest {
    private static final double TOLERANCE = 1e-12;

    private record Case(String name, ReferenceRun torch) {
        TorchModel model() {
            return new TorchModel(torch, torch, "gradients");
        }

        Batch batch() {
            Batch batch = Batch.forTraining(torch.rows("sequences"));
            CounterRandom step = new CounterRandom(torch.integer("dropout_key"));
            return batch.withRandom(step, (int) torch.integer("first_sequence"));
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() throws IOException {
        List<Case> cases = new ArrayList<>();
        for (String recording : List.of("torch-variants", "torch-modern")) {
            ReferenceRun.read(recording).parts("cases").forEach((name, torch) -> cases.add(new Case(name, torch)));
        }
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void lossLogitsAndEveryGradientAreThoseOfTorch(Case torch, TestReporter reporter) {
        Gpt gpt = torch.model().gpt();
        Batch batch = torch.batch();
        Tape tape = Tape.training();
        Tensor logits = gpt.forward(tape, batch);
        Tensor loss = tape.crossEntropy(logits, batch.targets());
        tape.backward(loss);

        double lossDistance = Math.abs(loss.item() / torch.torch().number("loss") - 1);
        assertTrue(lossDistance <= TOLERANCE, "the loss is " + lossDistance + " apart");
        TorchTensor torchLogits = torch.model().tensor("logits");
        double logitsDistance = torchLogits.distance(logits.toArray(), torchLogits.largest());
        assertTrue(logitsDistance <= TOLERANCE, "the logits are " + logitsDistance + " apart");
        Map<String, TorchTensor> gradients = torch.model().tensors();
        double worst = 0;
        for (Parameter parameter : gpt.parameters().all()) {
            TorchTensor gradient = gradients.get(parameter.name());
            double distance = gradient.distance(parameter.grad(), magnitude(parameter, gradients));
            assertTrue(distance <= TOLERANCE, "the gradient of " + parameter + " is " + distance + " apart");
            worst = Math.max(worst, distance);
        }
        reporter.publishEntry(Map.of(
                "loss", Double.toString(lossDistance),
                "logits", Double.toString(logitsDistance),
                "gradients", Double.toString(worst)));
    }

    /**
     * The largest number of the gradient. The bias of the keys is measured by that of the queries: unless keys are
     * rotated, it adds the same to all scores of a query, which softmax does not notice, so its gradient is rounding
     * and nothing else. So it is with the bias of their norm.
     */
    private static double magnitude(Parameter parameter, Map<String, TorchTensor> gradients) {
        String name = parameter.name().replace("attn_bk", "attn_bq").replace("attn_k_norm.bias", "attn_q_norm.bias");
        return gradients.get(name).largest();
    }

    @Test
    void aWrongElementAndTwoThatAreSwappedAreNoticed() throws IOException {
        Case torch = cases().get(0);
        Gpt gpt = torch.model().gpt();
        Batch batch = torch.batch();
        Tape tape = Tape.training();
        tape.backward(tape.crossEntropy(gpt.forward(tape, batch), batch.targets()));
        Parameter parameter = gpt.parameters().get("layer0.mlp_fc1");
        TorchTensor gradient = torch.model().tensors().get(parameter.name());
        double largest = gradient.largest();
        double[] right = parameter.grad();
        for (int i = 0; i + 1 < right.length; i++) {
            double[] wrong = right.clone();
            wrong[i] += 1e-10 * largest;
            assertTrue(gradient.distance(wrong, largest) > TOLERANCE, "element " + i);
            double[] swapped = right.clone();
            swapped[i] = right[i + 1];
            swapped[i + 1] = right[i];
            boolean equal = Math.abs(right[i] - right[i + 1]) < 1e-9 * largest;
            assertTrue(equal || gradient.distance(swapped, largest) > TOLERANCE, "elements " + i + " and the next");
        }
    }

    @Test
    void theVariantsThatHaveANameAreRecorded() throws IOException {
        assertEquals(
                choices(GptConfig.microgpt(2)), choices(cases().get(0).model().config()));
        assertEquals(choices(GptConfig.gpt2(2)), choices(cases().get(1).model().config()));
        assertEquals(choices(GptConfig.nano(2)), choices(cases().get(2).model().config()));
    }

    @Test
    void everyTwoChoicesMeetInSomeVariant() throws IOException {
        Set<Set<String>> met = new HashSet<>();
        for (Case torch : cases()) {
            List<String> choices = choices(torch.model().config());
            for (String one : choices) {
                for (String other : choices) {
                    met.add(new HashSet<>(List.of(one, other)));
                }
            }
        }
        int norms = Norm.BUILT_IN.size();
        int functions = Activation.BUILT_IN.size() + Mlp.BUILT_IN.size() - 1;
        int[] levels = {norms, functions, norms, Positions.BUILT_IN.size(), 3, 2, 2, 2, 2, 2, 2, 2, 2};
        int expected = 0;
        for (int i = 0; i < levels.length; i++) {
            expected += levels[i];
            for (int j = 0; j < i; j++) {
                expected += levels[i] * levels[j];
            }
        }
        assertEquals(expected, met.size());
    }

    /** All choices but dropout, which the cases without it leave out, and the initialization, which is not compared. */
    private static List<String> choices(GptConfig config) {
        Settings settings = config.settings();
        int keyHeads = config.get(GptConfig.N_KV_HEAD);
        boolean plain = config.mlp() == Mlp.PLAIN;
        return List.of(
                "norm " + config.norm().name(),
                plain ? config.activation().name() : config.mlp().name(),
                "queries and keys " + config.get(GptConfig.QK_NORM).name(),
                "positions " + config.positions().name(),
                "key heads " + (keyHeads == config.nHead() ? "all" : keyHeads == 1 ? "1" : "some"),
                "heads of n_embd " + settings.isUsual(GptConfig.HEAD_DIM),
                "all keys " + settings.isUsual(GptConfig.WINDOW),
                "no cap " + settings.isUsual(GptConfig.SOFTCAP),
                "bias " + config.get(GptConfig.BIAS),
                "bias of queries, keys and values " + config.get(GptConfig.QKV_BIAS),
                "tied head " + config.get(GptConfig.TIE_HEAD),
                "embedding norm " + config.get(GptConfig.EMBEDDING_NORM),
                "final norm " + config.get(GptConfig.FINAL_NORM));
    }
}

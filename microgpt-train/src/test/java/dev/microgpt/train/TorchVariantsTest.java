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
import dev.microgpt.model.Norm;
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
 * {@code reference-torch-variants.json} says which version and how to make it again.
 *
 * <p>As a part of the largest number of a tensor, two correct implementations lie about 1e-15 apart here in an element
 * and up to 2e-13 in a sum of thousands; 1e-12 lets noise pass and little else.
 */
class TorchVariantsTest {
    private static final double TOLERANCE = 1e-12;

    private record Case(String name, ReferenceRun torch) {
        TorchModel model() {
            return new TorchModel(torch, "gradients");
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
        ReferenceRun.read("torch-variants").parts("cases").forEach((name, torch) -> cases.add(new Case(name, torch)));
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
     * The largest number of the gradient. The bias of the keys is measured by that of the queries: it adds the same to
     * all scores of a query, which softmax does not notice, so its gradient is rounding and nothing else.
     */
    private static double magnitude(Parameter parameter, Map<String, TorchTensor> gradients) {
        return gradients.get(parameter.name().replace("attn_bk", "attn_bq")).largest();
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
                choices(GptConfig.microgpt(2)), choices(cases().get(0).model().variant()));
        assertEquals(choices(GptConfig.gpt2(2)), choices(cases().get(1).model().variant()));
        assertEquals(choices(GptConfig.nano(2)), choices(cases().get(2).model().variant()));
    }

    @Test
    void everyTwoChoicesMeetInSomeVariant() throws IOException {
        Set<Set<String>> met = new HashSet<>();
        for (Case torch : cases()) {
            List<String> choices = choices(torch.model().variant());
            for (String one : choices) {
                for (String other : choices) {
                    met.add(new HashSet<>(List.of(one, other)));
                }
            }
        }
        int norms = Norm.BUILT_IN.size();
        int activations = Activation.BUILT_IN.size();
        int alone = norms + activations + 4 * 2;
        int pairs = norms * activations + (norms + activations) * 4 * 2 + 6 * 2 * 2;
        assertEquals(alone + pairs, met.size());
    }

    /** All choices but dropout, which the cases without it leave out, and the initialization, which is not compared. */
    private static List<String> choices(GptConfig variant) {
        return List.of(
                variant.norm().name(),
                variant.activation().name(),
                "bias " + variant.get(GptConfig.BIAS),
                "tied head " + variant.get(GptConfig.TIE_HEAD),
                "embedding norm " + variant.get(GptConfig.EMBEDDING_NORM),
                "final norm " + variant.get(GptConfig.FINAL_NORM));
    }
}

package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.train.data.BatchSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * 100 steps of nanoGPT's training, with warm-up, cosine, decay of weights and clipping, against PyTorch in float64:
 * {@code reference-torch-nano-run.json} says which version and how to make it again.
 *
 * <p>The run is calm: noise of 1e-15 in every gradient of every step stays below 3e-15 in losses and weights, so 1e-12
 * leaves room for other orders of summation and none for a mistake: an eps of Adam that is 0.1 % larger changes the
 * losses by 3e-10.
 */
class TorchNanoRunTest {
    private static final double TOLERANCE = 1e-12;

    private final ReferenceRun torch;
    private final ReferenceRun settings;

    TorchNanoRunTest() throws IOException {
        torch = ReferenceRun.read("torch-nano-run");
        settings = torch.part("training");
    }

    @ParameterizedTest(name = "{0} micro-batches a step")
    @ValueSource(ints = {1, 3})
    void lossesRatesNormsAndFinalWeightsAreThoseOfTorch(int parts, TestReporter reporter) {
        TorchModel model = new TorchModel(torch, "parameters");
        Gpt gpt = model.gpt();
        TrainingConfig training = training(parts);
        Adam adam = new Adam(gpt.parameters().all(), training.adam());
        Trainer trainer = new Trainer(gpt, new Crops(training.batchSize()), adam, training);
        List<TrainingStep> steps = new ArrayList<>();
        trainer.addListener(steps::add);
        trainer.run(training.steps());

        double losses =
                Distance.normwise(steps.stream().mapToDouble(TrainingStep::loss).toArray(), torch.numbers("losses"));
        assertTrue(losses <= TOLERANCE, "the losses are " + losses + " apart");
        double rates = Distance.normwise(
                steps.stream().mapToDouble(TrainingStep::learningRate).toArray(), torch.numbers("rates"));
        assertTrue(rates <= TOLERANCE, "the learning rates are " + rates + " apart");
        double norms = Distance.normwise(
                steps.stream().mapToDouble(TrainingStep::gradientNorm).toArray(), torch.numbers("gradient_norms"));
        assertTrue(norms <= TOLERANCE, "the norms of the gradients are " + norms + " apart");
        Map<String, TorchTensor> weights = model.tensors();
        double worst = 0;
        for (Parameter parameter : gpt.parameters().all()) {
            TorchTensor weight = weights.get(parameter.name());
            double distance = weight.distance(parameter.data(), weight.largest());
            assertTrue(distance <= TOLERANCE, parameter + " is " + distance + " apart");
            worst = Math.max(worst, distance);
        }
        reporter.publishEntry(Map.of(
                "losses", Double.toString(losses),
                "rates", Double.toString(rates),
                "norms", Double.toString(norms),
                "weights", Double.toString(worst)));
    }

    @Test
    void aboutHalfOfTheStepsAreClipped() {
        double clip = settings.number("grad_clip");
        int clipped = 0;
        for (double norm : torch.numbers("gradient_norms")) {
            clipped += norm > clip ? 1 : 0;
        }
        assertEquals(43, clipped);
    }

    private TrainingConfig training(int parts) {
        return new TrainingConfig(
                (int) settings.integer("steps"),
                (int) settings.integer("batch_size") / parts,
                parts,
                new Schedule(Schedule.Kind.COSINE, settings.number("learning_rate"), settings.number("min_lr"), (int)
                        settings.integer("warmup")),
                new AdamConfig(
                        settings.number("beta1"),
                        settings.number("beta2"),
                        settings.number("eps"),
                        settings.number("weight_decay")),
                settings.number("grad_clip"),
                torch.integer("seed"));
    }

    /** The recorded places of the text, as many tokens from each as the model takes and one more. */
    private final class Crops implements BatchSource {
        private final int batchSize;
        private final int[] tokens = torch.integers("tokens");
        private final List<int[]> starts = torch.rows("starts");
        private final int length = (int) torch.part("config").integer("block") + 1;

        Crops(int batchSize) {
            this.batchSize = batchSize;
        }

        @Override
        public Batch batch(int step, int part, int parts) {
            List<int[]> crops = new ArrayList<>();
            for (int s = 0; s < batchSize; s++) {
                int start = starts.get(step)[part * batchSize + s];
                crops.add(Arrays.copyOfRange(tokens, start, start + length));
            }
            return Batch.forTraining(crops);
        }
    }
}

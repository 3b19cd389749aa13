package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.Activation;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.train.data.BatchSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * 100 steps of nanoGPT's training, with warm-up, cosine, decay of weights and clipping, against PyTorch in float64: of
 * nanoGPT's model ({@code reference-torch-nano-run.json}), of small models that each have a part of a modern block
 * ({@code reference-torch-modern-runs.json}), and of presets at their size ({@code reference-torch-preset-runs.json}).
 * The files say which version and how to make them again.
 *
 * <p>The runs are calm: noise of 1e-15 in every gradient of every step stays below 3e-15 in losses and weights, so
 * 1e-12 leaves room for other orders of summation and none for a mistake: an eps of Adam that is 0.1 % larger changes
 * the losses by 3e-10.
 */
class TorchRunTest {
    private static final double TOLERANCE = 1e-12;

    /** A training, and what it shares with others: the text, the crops and the settings. */
    private record Run(String name, ReferenceRun torch, ReferenceRun shared, int parts) {
        static List<Run> of(String recording, int... parts) throws IOException {
            ReferenceRun file = ReferenceRun.read(recording);
            Map<String, ReferenceRun> runs = file.has("runs") ? file.parts("runs") : Map.of("nano", file);
            List<Run> cases = new ArrayList<>();
            runs.forEach((name, torch) -> {
                for (int count : parts) {
                    cases.add(new Run(name, torch, file, count));
                }
            });
            return cases;
        }

        TorchModel model() {
            return new TorchModel(torch, shared, "parameters");
        }

        TrainingConfig training() {
            ReferenceRun settings = shared.part("training");
            return new TrainingConfig(
                    (int) settings.integer("steps"),
                    (int) settings.integer("batch_size") / parts,
                    parts,
                    new Schedule(
                            Schedule.Kind.COSINE, settings.number("learning_rate"), settings.number("min_lr"), (int)
                                    settings.integer("warmup")),
                    new AdamConfig(
                            settings.number("beta1"),
                            settings.number("beta2"),
                            settings.number("eps"),
                            settings.number("weight_decay")),
                    settings.number("grad_clip"),
                    shared.integer("seed"));
        }

        @Override
        public String toString() {
            return name + ", micro-batches a step: " + parts;
        }
    }

    static List<Run> runs() throws IOException {
        List<Run> runs = new ArrayList<>(Run.of("torch-nano-run", 1, 3));
        runs.addAll(Run.of("torch-modern-runs", 1));
        return runs;
    }

    static List<Run> presetRuns() throws IOException {
        return Run.of("torch-preset-runs", 1);
    }

    @ParameterizedTest
    @MethodSource("runs")
    void lossesRatesNormsAndFinalWeightsAreThoseOfTorch(Run run, TestReporter reporter) {
        TorchModel model = run.model();
        Gpt gpt = model.gpt();
        TrainingConfig training = run.training();
        Adam adam = new Adam(gpt.parameters().all(), training.adam());
        Crops crops = new Crops(run.shared(), gpt.config().blockSize() + 1, training.batchSize());
        Trainer trainer = new Trainer(gpt, crops, adam, training);
        List<TrainingStep> steps = new ArrayList<>();
        trainer.addListener(steps::add);
        trainer.run(training.steps());

        double losses = Distance.normwise(
                steps.stream().mapToDouble(TrainingStep::loss).toArray(),
                run.torch().numbers("losses"));
        assertTrue(losses <= TOLERANCE, "the losses are " + losses + " apart");
        double rates = Distance.normwise(
                steps.stream().mapToDouble(TrainingStep::learningRate).toArray(),
                run.shared().numbers("rates"));
        assertTrue(rates <= TOLERANCE, "the learning rates are " + rates + " apart");
        double norms = Distance.normwise(
                steps.stream().mapToDouble(TrainingStep::gradientNorm).toArray(),
                run.torch().numbers("gradient_norms"));
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

    @ParameterizedTest
    @MethodSource("presetRuns")
    @Tag("slow")
    void presetsTrainAsTorchTrainsThem(Run run, TestReporter reporter) {
        lossesRatesNormsAndFinalWeightsAreThoseOfTorch(run, reporter);
    }

    @Test
    void thePresetsAreRecordedAsTheyAre() throws IOException {
        List<GptConfig> recorded = new ArrayList<>();
        for (Run run : presetRuns()) {
            recorded.add(run.model().config());
        }
        // a gated MLP has a function of its own, and the recording leaves the other at its default
        GptConfig llama = GptConfig.llama(65).withActivation(Activation.RELU);
        assertEquals(List.of(llama, GptConfig.nanochat(65)), recorded);
    }

    @Test
    void aboutHalfOfTheStepsAreClipped() throws IOException {
        Run nano = runs().get(0);
        double clip = nano.training().gradClip();
        int clipped = 0;
        for (double norm : nano.torch().numbers("gradient_norms")) {
            clipped += norm > clip ? 1 : 0;
        }
        assertEquals(43, clipped);
    }

    /** The recorded places of the text, as many tokens from each as the model takes and one more. */
    private static final class Crops implements BatchSource {
        private final int batchSize;
        private final int[] tokens;
        private final List<int[]> starts;
        private final int length;

        Crops(ReferenceRun data, int length, int batchSize) {
            this.batchSize = batchSize;
            tokens = data.integers("tokens");
            starts = data.rows("starts");
            this.length = length;
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

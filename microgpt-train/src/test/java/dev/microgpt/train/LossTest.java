package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Shape;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.check.GradientCheck;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.autograd.op.reduce.Sum;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.data.Batcher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A loss of one's own in place of the cross-entropy, with label smoothing as the example. */
class LossTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "mia", "isabella", "zoe");
    private static final GptConfig SHAPE = GptConfig.microgpt(2).withSizes(1, 2, 8, 8);
    private static final TrainingConfig TRAINING = new TrainingConfig(12, 2, 0.01, 0.85, 0.99, 1e-8, 42);
    private static final Batch THREE = Batch.forTraining(List.of(new int[] {0, 4, 1}, new int[] {2, 2}));

    @TempDir
    private Path folder;

    /**
     * Label smoothing: the target of each row has the probability 1 − eps, and eps is spread over all tokens. The loss
     * {@code Σₜ −Σⱼ q[j]·log p[t, j] / N} is the cross-entropy plus {@code eps · Σₜ (x[t, target] − mean(x[t])) / N}.
     */
    private static Loss smoothed(double eps) {
        return (tape, logits, batch, denominator) -> {
            int columns = logits.shape().columns();
            double[] weights = new double[logits.shape().size()];
            Arrays.fill(weights, -1.0 / columns);
            int[] targets = batch.targets();
            for (int t = 0; t < targets.length; t++) {
                weights[t * columns + targets[t]] += 1;
            }
            Tensor sum = tape.apply(new Sum(tape.multiply(logits, Tensor.constant(logits.shape(), weights))));
            Tensor crossEntropy = tape.apply(new CrossEntropy(logits, targets, denominator));
            return tape.add(crossEntropy, tape.scale(sum, eps / denominator));
        };
    }

    private static Parameter logits() {
        PythonRandom random = new PythonRandom(1);
        double[] numbers = new double[15];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.gauss(0, 1);
        }
        return new Parameter("logits", Shape.of(3, 5), numbers);
    }

    @Test
    void theExampleIsLabelSmoothingAndHasTheRightGradient() {
        Parameter logits = logits();
        double expected = 0;
        for (int t = 0; t < 3; t++) {
            double[] x = Arrays.copyOfRange(logits.data(), 5 * t, 5 * t + 5);
            double all = Math.log(Arrays.stream(x).map(Math::exp).sum());
            for (int j = 0; j < 5; j++) {
                double q = (j == THREE.targets()[t] ? 0.9 : 0) + 0.1 / 5;
                expected += q * (all - x[j]) / 7;
            }
        }
        assertEquals(
                expected, smoothed(0.1).of(Tape.training(), logits, THREE, 7).item(), 1e-14);
        GradientCheck.smooth().check("smoothed", tape -> smoothed(0.1).of(tape, logits, THREE, 7), logits);
    }

    @Test
    void withoutALossOfYourOwnTrainingMinimizesTheCrossEntropyBitForBit() {
        MicrogptRun usual = new MicrogptRun(NAMES, SHAPE, TRAINING).train();
        Loss same = (tape, logits, batch, denominator) ->
                tape.apply(new CrossEntropy(logits, batch.targets(), denominator));
        MicrogptRun own = new MicrogptRun(NAMES, SHAPE, TRAINING);
        assertEquals(usual.losses, train(own, 2, same, TRAINING));
        usual.parameters()
                .forEach((name, numbers) ->
                        assertArrayEquals(numbers, own.parameters().get(name), name));

        MicrogptRun other = new MicrogptRun(NAMES, SHAPE, TRAINING);
        List<Double> losses = train(other, 2, smoothed(0.1), TRAINING);
        assertFalse(
                Arrays.equals(usual.parameters().get("wte"), other.parameters().get("wte")));
        assertTrue(losses.get(11) < losses.get(0), losses.toString());
    }

    @Test
    void theExampleInTheDocumentsIsTheSame() throws Exception {
        String example =
                DocumentedJava.blocks(Path.of("..", "docs", "optimizers.md")).get(1);
        String losses = new DocumentedJava(folder).run("""
                        MicrogptRun run = new MicrogptRun(
                                List.of("emma", "olivia", "ava", "mia", "isabella", "zoe"),
                                GptConfig.microgpt(2).withSizes(1, 2, 8, 8),
                                new TrainingConfig(12, 2, 0.01, 0.85, 0.99, 1e-8, 42));
                        Gpt gpt = run.gpt;
                        Optimizer optimizer = run.adam;
                        BatchSource batches = new Batcher(run.documents, run.tokenizer, 2, 8);
                        TrainingConfig training = new TrainingConfig(12, 2, 0.01, 0.85, 0.99, 1e-8, 42);
                        """ + example + """
                                List<Double> losses = new ArrayList<>();
                                trainer.addListener(step -> losses.add(step.loss()));
                                trainer.run(12);
                                System.out.print(losses);
                                """);
        MicrogptRun run = new MicrogptRun(NAMES, SHAPE, TRAINING);
        assertEquals(train(run, 2, smoothed(0.1), TRAINING).toString(), losses);
    }

    @Test
    void theDenominatorIsThatOfTheWholeStep() {
        MicrogptRun whole = new MicrogptRun(NAMES, SHAPE, TRAINING);
        List<Double> losses = train(whole, 2, smoothed(0.1), TRAINING);
        TrainingConfig inTwo =
                new TrainingConfig(12, 1, 2, TRAINING.schedule(), TRAINING.adam(), TRAINING.gradClip(), 42);
        MicrogptRun parts = new MicrogptRun(NAMES, SHAPE, TRAINING);
        List<Double> sums = train(parts, 1, smoothed(0.1), inTwo);
        for (int i = 0; i < losses.size(); i++) {
            assertEquals(losses.get(i), sums.get(i), 1e-12);
        }
    }

    @Test
    void aLossThatIsNoNumberIsRefusedAndTheStepNotCounted() {
        MicrogptRun run = new MicrogptRun(NAMES, SHAPE, TRAINING);
        Trainer trainer = trainer(run, 2, (tape, logits, batch, denominator) -> logits, TRAINING);
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> trainer.run(1));
        assertTrue(e.getMessage().contains("only a scalar can be a loss"), e.getMessage());
        assertEquals(0, trainer.step());

        Trainer infinite = trainer(
                run,
                2,
                (tape, logits, batch, n) -> tape.scale(smoothed(0.1).of(tape, logits, batch, n), 1e308 * 1e10),
                TRAINING);
        TrainingDivergedException diverged = assertThrows(TrainingDivergedException.class, () -> infinite.run(1));
        assertTrue(
                diverged.getMessage().contains("the loss is Infinity: the output of operation "),
                diverged.getMessage());
    }

    private static List<Double> train(MicrogptRun run, int batchSize, Loss loss, TrainingConfig training) {
        List<Double> losses = new ArrayList<>();
        Trainer trainer = trainer(run, batchSize, loss, training);
        trainer.addListener(step -> losses.add(step.loss()));
        trainer.run(training.steps());
        return losses;
    }

    private static Trainer trainer(MicrogptRun run, int batchSize, Loss loss, TrainingConfig training) {
        Batcher batches = new Batcher(run.documents, run.tokenizer, batchSize, SHAPE.blockSize());
        return new Trainer(run.gpt, batches, run.adam, training, loss);
    }
}

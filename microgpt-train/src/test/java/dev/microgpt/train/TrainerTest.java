package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.tokenizer.CharTokenizer;
import dev.microgpt.train.data.Batcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "mia", "isabella", "zoe", "lily");
    private static final GptConfig SHAPE = GptConfig.microgpt(2).withSizes(1, 2, 8, 8);

    private final MicrogptRun run = run();

    @Test
    void aRunIsTheSameInPiecesAndByItsHalves() {
        MicrogptRun straight = run();
        straight.trainer.run(20);

        run.trainer.run(7);
        run.trainer.run(7);
        run.trainer.run(20);
        assertEquals(straight.losses, run.losses);
        assertSameBits(straight.parameters(), run.parameters());

        MicrogptRun byHand = run();
        Batcher batcher = new Batcher(byHand.documents, byHand.tokenizer, 2, 8);
        LearningRate rate = LearningRate.linearDecay(0.01, 20);
        for (int step = 0; step < 20; step++) {
            Batch batch = batcher.batch(step);
            double loss = byHand.trainer.addGradients(batch, batch.targets().length);
            assertEquals(straight.losses.get(step), loss);
            byHand.trainer.update(rate.at(step));
            assertEquals(step + 1, byHand.trainer.step());
        }
        assertSameBits(straight.parameters(), byHand.parameters());
    }

    @Test
    void theGradientsOfSomeDocumentsAndOfTheOthersAddUpToThoseOfTheStep() {
        TrainingConfig training = new TrainingConfig(
                20, 2, 3, new Schedule(Schedule.Kind.CONSTANT, 0.01, 0, 0), new AdamConfig(0.9, 0.99, 1e-8, 0), 0, 42);
        MicrogptRun dropping = new MicrogptRun(NAMES, SHAPE.with(GptConfig.DROPOUT, 0.4), training);
        dropping.trainer.run(5);
        Batcher batcher = new Batcher(dropping.documents, dropping.tokenizer, 2, 8);
        double loss = dropping.trainer.addStepGradients(batcher, 30);
        Map<String, double[]> whole = dropping.gradients();
        dropping.gpt.parameters().zeroGrad();
        double inTwo = dropping.trainer.addStepGradients(batcher.keeping(name -> name.endsWith("a")), 30)
                + dropping.trainer.addStepGradients(batcher.keeping(name -> !name.endsWith("a")), 30);
        assertEquals(loss, inTwo, 1e-14 * loss);
        dropping.gradients().forEach((name, sums) -> assertArrayEquals(whole.get(name), sums, 1e-14, name));
        assertEquals(0, dropping.trainer.addStepGradients(batcher.keeping(name -> false), 30));
    }

    @Test
    void aStepWithoutSequencesIsCountedAndChangesNothingElse() {
        run.trainer.run(3);
        Map<String, double[]> before = run.parameters();
        List<TrainingStep> steps = new ArrayList<>();
        Batcher batcher = new Batcher(run.documents, run.tokenizer, 2, 8);
        Trainer trainer = new Trainer(run.gpt, batcher.keeping(name -> false), run.adam, step -> 0.5);
        trainer.addListener(steps::add);
        trainer.resumeAt(3);
        trainer.run(4);
        assertEquals(4, trainer.step());
        assertEquals(3, run.adam.updates());
        assertSameBits(before, run.parameters());
        TrainingStep step = steps.get(0);
        assertEquals(new TrainingStep(4, 0, 0.5, 0, 0, step.nanos()), step);
    }

    @Test
    void anAdamOfAnotherModelIsRefusedByName() {
        MicrogptRun other = run();
        Batcher batcher = new Batcher(run.documents, run.tokenizer, 2, 8);
        String first = other.gpt.parameters().all().get(0).name();
        IllegalArgumentException e = assertThrows(
                IllegalArgumentException.class, () -> new Trainer(run.gpt, batcher, other.adam, step -> 0.01));
        assertEquals(
                "trainer: the optimizer updates parameter \"" + first
                        + "\" of another model and would leave this one as it is;"
                        + " create it with model.parameters().all() of the model to train",
                e.getMessage());
    }

    @Test
    void anAdamOfSomeParametersTrainsOnlyThose() {
        List<Parameter> all = run.gpt.parameters().all();
        Adam some = new Adam(all.subList(0, 1), 0.9, 0.99, 1e-8);
        double[] trained = all.get(0).toArray();
        double[] frozen = all.get(1).toArray();
        new Trainer(run.gpt, new Batcher(run.documents, run.tokenizer, 2, 8), some, step -> 0.01).run(1);
        assertFalse(Arrays.equals(trained, all.get(0).data()));
        assertArrayEquals(frozen, all.get(1).data());
    }

    @Test
    void trainingLowersTheLoss() {
        run.trainer.run(20);
        // the same seven documents come again and again
        double first = mean(run.losses.subList(0, 7));
        double last = mean(run.losses.subList(13, 20));
        assertTrue(last < first - 0.2, first + " to " + last);
    }

    @Test
    void listenersHearOfEveryStepAfterItsUpdateInTheOrderOfAdding() {
        List<String> heard = new ArrayList<>();
        run.trainer.addListener(step -> heard.add("a" + step.number() + " of " + run.trainer.step()));
        run.trainer.addListener(step -> heard.add("b" + step.number() + " " + step.learningRate()));
        run.trainer.run(2);
        assertEquals(List.of("a1 of 1", "b1 0.01", "a2 of 2", "b2 " + 0.01 * (1 - 1 / 20.0)), heard);
    }

    @Test
    void anUpdateSetsTheGradientsToZero() {
        run.trainer.run(3);
        for (Parameter parameter : run.gpt.parameters().all()) {
            assertArrayEquals(new double[parameter.shape().size()], parameter.grad(), parameter.name());
        }
    }

    @Test
    void aNumberOfStepsThatIsDoneChangesNothing() {
        run.trainer.run(5);
        Map<String, double[]> before = run.parameters();
        run.trainer.run(5);
        run.trainer.run(0);
        assertSameBits(before, run.parameters());
        assertEquals(5, run.trainer.step());
    }

    @Test
    void aLossThatIsNotANumberStopsTheRunBeforeTheUpdate() {
        run.trainer.run(4);
        Parameter weight = run.gpt.parameters().get("layer0.mlp_fc2");
        Arrays.fill(weight.data(), Double.NaN);
        Map<String, double[]> before = run.parameters();

        TrainingDivergedException e = assertThrows(TrainingDivergedException.class, () -> run.trainer.run(20));

        assertEquals(
                "training diverged in step 5: the loss is NaN: parameter layer0.mlp_fc2 is NaN at [0, 0]; the"
                        + " parameters are those of the previous step",
                e.getMessage());
        assertEquals(4, run.trainer.step());
        assertEquals(4, run.adam.updates());
        assertEquals(4, run.losses.size());
        assertSameBits(before, run.parameters());
        assertArrayEquals(new double[weight.shape().size()], weight.grad());
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void aWeightThatIsNotFiniteStopsTheRunWhereverItIs(double notFinite) {
        for (Parameter parameter : run.gpt.parameters().all()) {
            MicrogptRun broken = run();
            broken.gpt.parameters().get(parameter.name()).data()[usedIndex(broken, parameter)] = notFinite;
            assertThrows(
                    TrainingDivergedException.class, () -> broken.trainer.run(1), () -> parameter + " " + notFinite);
        }
    }

    /** The first weight that the first batch uses: BOS's in the table of tokens, index 0 elsewhere. */
    private static int usedIndex(MicrogptRun broken, Parameter parameter) {
        return parameter.name().equals("wte") ? broken.tokenizer.bos() * SHAPE.nEmbd() : 0;
    }

    @Test
    void aGradientThatIsNotFiniteStopsTheRunBeforeTheUpdate() {
        // scores so large that the loss is still finite, but the gradients below it are not
        double[] weights = run.gpt.parameters().get("lm_head").data();
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (i % 2 == 0 ? 1 : -1) * 2e307;
        }
        Map<String, double[]> before = run.parameters();
        assertThrows(TrainingDivergedException.class, () -> run.trainer.run(1));
        assertSameBits(before, run.parameters());
    }

    @Test
    void aStepWithABatchThatTheModelRefusesIsNotCounted() {
        Batcher tooLong = new Batcher(NAMES, CharTokenizer.fromDocuments(NAMES), 1, 100);
        LearningRate rate = LearningRate.linearDecay(0.01, 20);
        Trainer trainer = new Trainer(run.gpt, tooLong, run.adam, rate);
        assertThrows(IllegalArgumentException.class, () -> trainer.run(20));
        assertEquals(run.adam.updates(), trainer.step());
    }

    @Test
    void oneDocumentOfOneCharacterCanBeTrainedOn() {
        TrainingConfig training = new TrainingConfig(50, 1, 0.01, 0.85, 0.99, 1e-8, 42);
        MicrogptRun tiny = new MicrogptRun(List.of("a"), SHAPE, training).train();
        assertEquals(2, tiny.tokenizer.vocabSize());
        assertTrue(tiny.losses.get(49) < 0.3, tiny.losses.toString());
    }

    private static double mean(List<Double> numbers) {
        return numbers.stream().mapToDouble(number -> number).average().orElseThrow();
    }

    private static MicrogptRun run() {
        return new MicrogptRun(NAMES, SHAPE, new TrainingConfig(20, 2, 0.01, 0.85, 0.99, 1e-8, 42));
    }

    private static void assertSameBits(Map<String, double[]> expected, Map<String, double[]> actual) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, numbers) -> assertArrayEquals(numbers, actual.get(name), name));
    }
}

package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Activation;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Initialization;
import dev.microgpt.model.LanguageModel;
import dev.microgpt.model.Norm;
import dev.microgpt.train.data.BatchSource;
import dev.microgpt.train.data.Batcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Steps of several micro-batches, and clipped ones. Each weight of the model, the tables of tokens and positions
 * included, is used once in a forward pass, so that its gradient is one chain of sums over the tokens, which goes on
 * where the micro-batch before left it. A table that is used twice would have two chains, and other bits.
 */
class AccumulationTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "mia", "isabella", "zoe", "lily");
    private static final GptConfig SHAPE = GptConfig.microgpt(2).withSizes(2, 2, 8, 8);
    private static final int STEPS = 10;

    @ParameterizedTest
    @CsvSource({"1, 1, 0", "2, 3, 0", "3, 2, 0.5", "6, 1, 0.5", "2, 8, 2"})
    void soManyMicroBatchesAreOneBatchThatIsSoManyTimesAsLargeBitForBit(int parts, int size, double gradClip) {
        List<TrainingStep> whole = new ArrayList<>();
        List<TrainingStep> split = new ArrayList<>();
        Map<String, double[]> expected = train(config(parts * size, 1, gradClip), whole);
        Map<String, double[]> actual = train(config(size, parts, gradClip), split);

        expected.forEach((name, numbers) -> assertArrayEquals(numbers, actual.get(name), name));
        for (int i = 0; i < STEPS; i++) {
            TrainingStep step = whole.get(i);
            assertEquals(step.gradientNorm(), split.get(i).gradientNorm(), "norm of step " + step.number());
            assertEquals(step.loss(), split.get(i).loss(), 1e-13, "loss of step " + step.number());
            assertEquals(step.tokens(), split.get(i).tokens());
            assertEquals(step.learningRate(), split.get(i).learningRate());
        }
    }

    @Test
    void dropoutIsTheSameInMicroBatchesBitForBit() {
        GptConfig variant = GptConfig.microgpt(2)
                .withNorm(Norm.LAYER_BIAS)
                .withActivation(Activation.GELU_TANH)
                .with(GptConfig.BIAS, true)
                .with(GptConfig.EMBEDDING_NORM, false)
                .with(GptConfig.FINAL_NORM, true)
                .with(GptConfig.DROPOUT, 0.2)
                .with(GptConfig.INITIALIZATION, Initialization.GPT2);
        Map<String, double[]> expected = parameters(variant, config(6, 1, 1));
        Map<String, double[]> actual = parameters(variant, config(2, 3, 1));
        expected.forEach((name, numbers) -> assertArrayEquals(numbers, actual.get(name), name));
        Map<String, double[]> other = parameters(GptConfig.gpt2(2), config(2, 3, 1));
        assertTrue(Distance.normwise(other.get("wte"), expected.get("wte")) > 1e-6, "another rate drops others");
    }

    /** The table gets gradients as embedding and as head, and the order of the two sums differs. */
    @Test
    void withATiedHeadMicroBatchesAreOneBatchUpToRounding() {
        Map<String, double[]> expected = parameters(GptConfig.gpt2(2), config(6, 1, 1));
        Map<String, double[]> actual = parameters(GptConfig.gpt2(2), config(2, 3, 1));
        expected.forEach((name, numbers) -> {
            double distance = Distance.normwise(actual.get(name), numbers);
            // a bias of all keys has no influence: what it gets is rounding, which Adam makes large
            assertTrue(name.endsWith("attn_bk") || distance <= 1e-13, name + " is " + distance + " apart");
        });
    }

    private static Map<String, double[]> parameters(GptConfig variant, TrainingConfig training) {
        MicrogptRun run = new MicrogptRun(NAMES, variant.withVocabSize(2).withSizes(2, 2, 8, 8), training);
        run.trainer.run(STEPS);
        return run.parameters();
    }

    @Test
    void aStepTellsItsTokensItsTimeAndTheNormBeforeClipping() {
        List<TrainingStep> free = new ArrayList<>();
        List<TrainingStep> clipped = new ArrayList<>();
        Map<String, double[]> withoutLimit = train(config(1, 7, 0), free);
        Map<String, double[]> withLimit = train(config(1, 7, 1e-3), clipped);
        assertEquals(5 + 7 + 4 + 4 + 8 + 4 + 5, clipped.get(0).tokens());
        assertEquals(free.get(0).gradientNorm(), clipped.get(0).gradientNorm());
        assertTrue(clipped.get(0).gradientNorm() > 0.1, "norm " + clipped.get(0).gradientNorm());
        assertTrue(clipped.get(0).nanos() > 0, "nanos " + clipped.get(0).nanos());
        assertTrue(Distance.normwise(withLimit.get("wte"), withoutLimit.get("wte")) > 1e-6, "clipping has an effect");
    }

    @Test
    void aLimitThatIsNeverReachedChangesNoBit() {
        Map<String, double[]> withoutLimit = train(config(2, 2, 0), new ArrayList<>());
        Map<String, double[]> farAway = train(config(2, 2, 1e6), new ArrayList<>());
        withoutLimit.forEach((name, numbers) -> assertArrayEquals(numbers, farAway.get(name), name));
    }

    @Test
    void aClippedUpdateIsThatOfTheShorterGradients() {
        TrainingConfig training = config(2, 1, 0.05);
        Map<String, double[]> expected = train(training, new ArrayList<>());

        MicrogptRun byHand = run(training);
        Batcher batcher = new Batcher(byHand.documents, byHand.tokenizer, 2, SHAPE.blockSize());
        LearningRate rate = training.schedule().over(STEPS);
        Gradients gradients = new Gradients(byHand.gpt.parameters().all());
        for (int step = 0; step < STEPS; step++) {
            Batch batch = batcher.batch(step);
            byHand.trainer.addGradients(batch, batch.targets().length);
            assertTrue(gradients.clip(gradients.norm(), 0.05), "step " + step + " is clipped");
            byHand.trainer.update(rate.at(step));
        }
        expected.forEach((name, numbers) ->
                assertArrayEquals(numbers, byHand.parameters().get(name), name));
    }

    @Test
    void aRefusedMicroBatchLeavesNoGradientOfThoseBeforeIt() {
        TrainingConfig training = config(1, 2, 0);
        MicrogptRun run = run(training);
        Batch tooLong = Batch.forTraining(List.of(new int[SHAPE.blockSize() + 2]));
        BatchSource source = (step, part, parts) -> part == 0 ? Batch.forTraining(List.of(new int[3])) : tooLong;
        Trainer trainer = new Trainer(run.gpt, source, run.adam, training);
        assertThrows(IllegalArgumentException.class, () -> trainer.run(1));
        assertEquals(0, trainer.step());
        for (Parameter parameter : run.gpt.parameters().all()) {
            assertArrayEquals(new double[parameter.shape().size()], parameter.grad(), parameter.name());
        }
    }

    @Test
    void aLossThatIsNotANumberInAnyPartStopsTheRunBeforeTheUpdate() {
        TrainingConfig training = config(1, 3, 1);
        for (int broken = 0; broken < 3; broken++) {
            int target = broken;
            MicrogptRun run = run(training);
            // only one part has the token whose weights are not numbers
            run.gpt.parameters().get("wte").data()[0] = Double.NaN;
            BatchSource source = (step, part, parts) -> {
                int token = part == target ? 0 : 1;
                return Batch.forTraining(List.of(new int[] {token, 1, 1}));
            };
            Map<String, double[]> before = run.parameters();
            Trainer trainer = new Trainer(run.gpt, source, run.adam, training);
            TrainingDivergedException e = assertThrows(TrainingDivergedException.class, () -> trainer.run(1));
            assertTrue(e.getMessage().contains("step 1: the loss is NaN"), e.getMessage());
            before.forEach((name, numbers) ->
                    assertArrayEquals(numbers, run.parameters().get(name), name));
        }
    }

    /** As others compute them: each alone, and in any order. */
    @ParameterizedTest
    @CsvSource({"1, 6", "2, 3", "5, 2"})
    void separateGradientsAreAddedInOrderWhoeverComputesThem(int parts, int size) {
        GptConfig tied = GptConfig.gpt2(2).withSizes(2, 2, 8, 8).with(GptConfig.DROPOUT, 0.2);
        TrainingConfig training = config(size, parts, 0.5).withSeparateGradients(true);
        List<TrainingStep> here = new ArrayList<>();
        MicrogptRun expected = new MicrogptRun(NAMES, tied, training);
        expected.trainer.addListener(here::add);
        expected.trainer.run(STEPS);

        List<TrainingStep> elsewhere = new ArrayList<>();
        MicrogptRun actual = new MicrogptRun(NAMES, tied, training);
        actual.trainer.addListener(elsewhere::add);
        actual.trainer.delegateTo(AccumulationTest::lastFirst);
        actual.trainer.run(STEPS);

        expected.parameters()
                .forEach((name, numbers) ->
                        assertArrayEquals(numbers, actual.parameters().get(name), name));
        for (int i = 0; i < STEPS; i++) {
            assertEquals(here.get(i).loss(), elsewhere.get(i).loss(), "loss of step " + (i + 1));
            assertEquals(here.get(i).gradientNorm(), elsewhere.get(i).gradientNorm(), "norm of step " + (i + 1));
        }
        MicrogptRun continued = new MicrogptRun(NAMES, tied, training.withSeparateGradients(false));
        continued.trainer.run(STEPS);
        boolean same = true;
        for (Map.Entry<String, double[]> parameter : expected.parameters().entrySet()) {
            double[] other = continued.parameters().get(parameter.getKey());
            same &= Arrays.equals(parameter.getValue(), other);
        }
        assertEquals(parts == 1, same, "sums that each micro-batch continues are rounded otherwise");
    }

    private static double lastFirst(LanguageModel model, List<Batch> microBatches, long denominator) {
        List<Parameter> parameters = model.parameters().all();
        double[][][] gradients = new double[microBatches.size()][parameters.size()][];
        double[] losses = new double[microBatches.size()];
        for (int i = microBatches.size() - 1; i >= 0; i--) {
            model.parameters().zeroGrad();
            Tape tape = Tape.training();
            Batch batch = microBatches.get(i);
            Tensor loss = tape.apply(new CrossEntropy(model.forward(tape, batch), batch.targets(), denominator));
            tape.backward(loss);
            losses[i] = loss.item();
            for (int p = 0; p < parameters.size(); p++) {
                gradients[i][p] = parameters.get(p).grad().clone();
            }
        }
        model.parameters().zeroGrad();
        double sum = 0;
        for (int i = 0; i < losses.length; i++) {
            sum += losses[i];
            for (int p = 0; p < parameters.size(); p++) {
                for (int at = 0; at < gradients[i][p].length; at++) {
                    parameters.get(p).grad()[at] += gradients[i][p][at];
                }
            }
        }
        return sum;
    }

    @Test
    void othersComputeNoGradientsThatContinueSumsOrAreOfALossOfYourOwn() {
        MicrogptRun run = run(config(2, 2, 0));
        Exception chained =
                assertThrows(IllegalStateException.class, () -> run.trainer.delegateTo(AccumulationTest::lastFirst));
        assertTrue(chained.getMessage().contains("withSeparateGradients(true)"), chained.getMessage());
        Loss own = (tape, logits, batch, denominator) ->
                tape.apply(new CrossEntropy(logits, batch.targets(), denominator));
        Batcher batches = new Batcher(run.documents, run.tokenizer, 2, SHAPE.blockSize());
        Trainer trainer =
                new Trainer(run.gpt, batches, run.adam, config(2, 2, 0).withSeparateGradients(true), own);
        Exception refused =
                assertThrows(IllegalStateException.class, () -> trainer.delegateTo(AccumulationTest::lastFirst));
        assertTrue(refused.getMessage().contains("a loss of its own"), refused.getMessage());
    }

    private static TrainingConfig config(int batchSize, int parts, double gradClip) {
        return new TrainingConfig(
                STEPS,
                batchSize,
                parts,
                new Schedule(Schedule.Kind.COSINE, 0.02, 0.002, 3),
                new AdamConfig(0.9, 0.95, 1e-8, 0.1),
                gradClip,
                42);
    }

    private static MicrogptRun run(TrainingConfig training) {
        return new MicrogptRun(NAMES, SHAPE, training);
    }

    private static Map<String, double[]> train(TrainingConfig training, List<TrainingStep> steps) {
        MicrogptRun run = run(training);
        run.trainer.addListener(steps::add);
        run.trainer.run(STEPS);
        return run.parameters();
    }
}

package dev.microgpt.train.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.model.Batch;
import dev.microgpt.model.GptConfig;
import dev.microgpt.train.Evaluation;
import dev.microgpt.train.Evaluator;
import dev.microgpt.train.MicrogptRun;
import dev.microgpt.train.TrainingConfig;
import dev.microgpt.train.TrainingListener;
import dev.microgpt.train.TrainingStep;
import dev.microgpt.train.data.DataFormat;
import dev.microgpt.train.data.ValidationSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which model is the best, during a run, at its end, and in a run that is resumed. */
class BestModelTest {
    private static final TrainingConfig TRAINING = new TrainingConfig(40, 2, 0.01, 0.85, 0.99, 1e-8, 42);
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "mia", "isabella", "zoe", "lily");
    private static final GptConfig SHAPE = GptConfig.microgpt(2).withSizes(1, 2, 8, 8);
    private static final int ALL = Integer.MAX_VALUE;

    @TempDir
    private Path folder;

    private Path file;
    private final MicrogptRun run = new MicrogptRun(NAMES, SHAPE, TRAINING);
    private final Names set = new Names();
    private final Evaluator evaluator = new Evaluator(run.gpt, set);
    private final List<Evaluation> notified = new ArrayList<>();
    private BestModel best;

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("best.safetensors");
        best = new BestModel(run.gpt, evaluator, file, 2, 42);
        evaluator.addListener(new TrainingListener() {
            @Override
            public void onStep(TrainingStep step) {}

            @Override
            public void onEvaluation(Evaluation evaluation) {
                notified.add(evaluation);
            }
        });
    }

    /** Each name of the run is a batch. */
    private final class Names implements ValidationSet {
        @Override
        public long tokens() {
            return run.documents.stream().mapToLong(name -> name.length()).sum();
        }

        @Override
        public long bytes() {
            return tokens();
        }

        @Override
        public int batches() {
            return NAMES.size();
        }

        @Override
        public Batch batch(int index) {
            int[] ids = run.tokenizer.encode(NAMES.get(index));
            int[] tokens = new int[ids.length + 1];
            tokens[0] = run.tokenizer.bos();
            System.arraycopy(ids, 0, tokens, 1, ids.length);
            return Batch.forTraining(List.of(tokens));
        }
    }

    private void saveAfter(int step) throws IOException {
        run.trainer.run(step);
        DataConfig data = new DataConfig(DataFormat.DOCUMENTS, 0.1, "0123456789abcdef".repeat(4));
        new Checkpoint(
                        TRAINING,
                        run.tokenizer,
                        run.gpt,
                        run.adam,
                        step,
                        run.random.state(),
                        data,
                        Double.POSITIVE_INFINITY)
                .save(file);
    }

    private List<double[]> weights() {
        List<double[]> weights = new ArrayList<>();
        for (Parameter parameter : run.gpt.parameters().all()) {
            weights.add(parameter.data().clone());
        }
        return weights;
    }

    private double loss(int batches) {
        return new Evaluator(run.gpt, set).evaluate(0, batches, 42).loss();
    }

    @Test
    void aLossThatASampleMadeTooLowDoesNotMakeAModelTheBest() throws IOException {
        saveAfter(1);
        double former = loss(ALL);
        run.trainer.run(40);
        double last = loss(ALL);
        assertTrue(last < former, last + " after " + former);
        evaluator.resumeAt(last - 0.1); // a lucky sample
        Evaluation evaluation = best.evaluateLast(40, ALL);
        assertTrue(evaluation.best(), "the last model is better than the saved one on the same batches");
        assertEquals(last, evaluation.loss());
        assertEquals(List.of(evaluation), notified, "not of the saved model, which is no longer the best");
    }

    @Test
    void theSavedModelStaysTheBestWithItsLossOnTheSameBatches() throws IOException {
        saveAfter(40);
        double former = loss(ALL);
        run.gpt.parameters().get("lm_head").data()[0] += 5;
        double last = loss(ALL);
        assertTrue(last > former, last + " after " + former);
        evaluator.resumeAt(last + 1); // an unlucky sample
        Evaluation evaluation = best.evaluateLast(41, ALL);
        assertFalse(evaluation.best());
        assertEquals(new Evaluation(40, former, set.tokens(), set.bytes(), true), best.former());
    }

    @Test
    void theModelInTrainingDoesNotChange() throws IOException {
        saveAfter(3);
        run.trainer.run(5);
        List<double[]> before = weights();
        best.evaluateLast(5, ALL);
        assertNotNull(best.former());
        List<double[]> after = weights();
        for (int i = 0; i < before.size(); i++) {
            assertArrayEquals(before.get(i), after.get(i));
            Parameter parameter = run.gpt.parameters().all().get(i);
            assertArrayEquals(new double[parameter.shape().size()], parameter.grad());
        }
    }

    @Test
    void aSetThatIsSmallerThanTheSampleIsEvaluatedOnce() throws IOException {
        saveAfter(3);
        BestModel whole = new BestModel(run.gpt, evaluator, file, 7, 42);
        double loss = whole.evaluate(3).loss();
        run.trainer.run(5);
        Evaluation last = whole.evaluateLast(5, ALL);
        assertNull(whole.former());
        assertEquals(loss(ALL), last.loss());
        assertEquals(last.loss() < loss, last.best());
        assertNotEquals(loss, loss(2), "two of seven are not all");
    }

    /** Of a former version, which drew another sample at every step, or of another size of the sample. */
    @Test
    void aResumedRunComparesLossesOfItsOwnSample() throws IOException {
        saveAfter(3);
        double own = loss(2);
        run.trainer.run(5);
        best.resumeAt(5, 0.001);
        assertEquals(own, evaluator.bestLoss());
        assertEquals(List.of(), notified);
        best.resumeAt(5, own);
        assertEquals(own, evaluator.bestLoss(), "bit for bit");
    }

    @Test
    void withoutASavedModelOfAnEarlierStepTheStoredLossIsUsed() throws IOException {
        best.resumeAt(5, 2.5);
        assertEquals(2.5, evaluator.bestLoss());
        saveAfter(5);
        best.resumeAt(5, 2.25); // the evaluation after this step is repeated
        assertEquals(2.25, evaluator.bestLoss());
        best.resumeAt(3, Double.POSITIVE_INFINITY);
        assertEquals(Double.POSITIVE_INFINITY, evaluator.bestLoss());
    }

    @Test
    void withoutASavedModelTheLastIsTheBest() throws IOException {
        evaluator.resumeAt(0.001);
        assertTrue(best.evaluateLast(5, ALL).best());
        evaluator.resumeAt(0.001);
        assertTrue(new BestModel(run.gpt, evaluator, file, 7, 42)
                .evaluateLast(5, ALL)
                .best());
    }

    @Test
    void aDamagedOrForeignFileIsNamedAndNotUsed() throws IOException {
        saveAfter(3);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 2] ^= 1;
        Files.write(file, bytes);
        assertTrue(best.evaluateLast(5, ALL).best());
        assertNull(best.former());
        assertTrue(String.valueOf(best.damage()).contains("best.safetensors"), String.valueOf(best.damage()));

        MicrogptRun other = new MicrogptRun(NAMES, GptConfig.microgpt(2).withSizes(1, 1, 8, 8), TRAINING);
        BestModel ofOther = new BestModel(other.gpt, new Evaluator(other.gpt, set), file, 2, 42);
        saveAfter(4);
        assertTrue(ofOther.evaluateLast(5, ALL).best());
        assertEquals(
                "checkpoint best.safetensors: its model has other settings than that of this run",
                ofOther.damage().getMessage());
        ofOther.resumeAt(5, 2.5);
        assertNotNull(ofOther.damage());
    }
}

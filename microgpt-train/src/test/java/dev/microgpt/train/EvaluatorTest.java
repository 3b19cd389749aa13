package dev.microgpt.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.microgpt.autograd.Parameter;
import dev.microgpt.autograd.Tape;
import dev.microgpt.autograd.Tensor;
import dev.microgpt.autograd.op.CrossEntropy;
import dev.microgpt.model.Batch;
import dev.microgpt.model.Gpt;
import dev.microgpt.model.GptConfig;
import dev.microgpt.model.Layer;
import dev.microgpt.model.Parameters;
import dev.microgpt.model.random.PythonRandom;
import dev.microgpt.train.data.DocumentWindows;
import dev.microgpt.train.data.MemoryTokens;
import dev.microgpt.train.data.TextWindows;
import dev.microgpt.train.data.Tokens;
import dev.microgpt.train.data.ValidationSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class EvaluatorTest {
    private static final List<String> NAMES = List.of("emma", "olivia", "ava", "mia", "isabella", "zoe", "lily");
    private static final GptConfig SHAPE = GptConfig.microgpt(2).withSizes(1, 2, 8, 8);

    private final MicrogptRun run =
            new MicrogptRun(NAMES, SHAPE, new TrainingConfig(20, 2, 0.01, 0.85, 0.99, 1e-8, 42));
    private final Texts set = new Texts(40, run.tokenizer.vocabSize(), 3);

    @Test
    void theLossIsTheMeanOverAllTargetsWhateverBatchTheyAreIn() {
        Evaluation evaluation = new Evaluator(run.gpt, set).evaluate(7);

        Batch all = Batch.forTraining(set.sequences);
        Tape tape = Tape.inference();
        double expected =
                tape.crossEntropy(run.gpt.forward(tape, all), all.targets()).item();
        assertEquals(expected, evaluation.loss(), 1e-14 * expected);
        assertEquals(7, evaluation.step());
        assertEquals(set.tokens(), evaluation.tokens());
        assertEquals(set.bytes(), evaluation.bytes());
    }

    @Test
    void listenersAreNotifiedOfEachEvaluation() {
        Evaluator evaluator = new Evaluator(run.gpt, set);
        List<Evaluation> notified = new ArrayList<>();
        evaluator.addListener(new TrainingListener() {
            @Override
            public void onStep(TrainingStep step) {
                throw new AssertionError("an evaluation is not a step");
            }

            @Override
            public void onEvaluation(Evaluation evaluation) {
                notified.add(evaluation);
            }
        });
        assertEquals(List.of(evaluator.evaluate(7), evaluator.evaluate(8, 1, 42)), notified);
    }

    @Test
    void everyTargetIsToldOfWithItsProbabilityAndItsRank() {
        List<TokenScore> told = new ArrayList<>();
        Evaluation evaluation = new Evaluator(run.gpt, set).evaluate(7, told::add);
        assertEquals(new Evaluator(run.gpt, set).evaluate(7).loss(), evaluation.loss());
        int next = 0;
        double sum = 0;
        for (int[] sequence : set.sequences) {
            Tape tape = Tape.inference();
            Tensor logits = run.gpt.forward(tape, Batch.ofPrompt(Arrays.copyOf(sequence, sequence.length - 1)));
            int columns = logits.shape().columns();
            for (int i = 1; i < sequence.length; i++) {
                TokenScore token = told.get(next++);
                double[] row = Arrays.copyOfRange(logits.data(), (i - 1) * columns, i * columns);
                double partition = Arrays.stream(row).map(StrictMath::exp).sum();
                double right = row[sequence[i]];
                assertEquals(i, token.position());
                assertEquals(sequence[i], token.id());
                assertEquals(right - StrictMath.log(partition), token.logProbability(), 1e-13);
                long better = Arrays.stream(row).filter(score -> score > right).count();
                assertEquals(better + 1, token.rank());
                sum -= token.logProbability();
            }
        }
        assertEquals(told.size(), next);
        assertEquals(evaluation.loss(), sum / next, 1e-14 * evaluation.loss());
    }

    @Test
    void ofEquallyProbableTokensTheOneWithTheLowerIdComesFirst() {
        double[] logits = {9, 1, 2, 1, 2, 9};
        double[] scratch = new double[4];
        int[] ranks = new int[4];
        for (int id = 0; id < 4; id++) {
            ranks[id] = TokenScore.of(1, id, logits, 1, 4, scratch).rank();
        }
        assertArrayEquals(new int[] {3, 1, 4, 2}, ranks);
    }

    @Test
    void aSampleIsTheMeanOverItsOwnTargetsWithItsShareOfTheBytes() {
        Evaluation evaluation = new Evaluator(run.gpt, set).evaluate(7, 9, 42);
        assertEquals(9, set.asked.size());

        List<int[]> chosen = new ArrayList<>();
        set.asked.forEach(index -> chosen.add(set.sequences.get(index)));
        Batch batch = Batch.forTraining(chosen);
        Tape tape = Tape.inference();
        double expected =
                tape.crossEntropy(run.gpt.forward(tape, batch), batch.targets()).item();
        assertEquals(expected, evaluation.loss(), 1e-14 * expected);
        assertEquals(batch.targets().length, evaluation.tokens());
        assertEquals(set.bytes() * (double) evaluation.tokens() / set.tokens(), evaluation.bytes(), 0.5);
    }

    @Test
    void aSampleNeverHasABatchTwiceAndIsTheSameAfterEveryStepOfARun() {
        Set<List<Integer>> samples = new HashSet<>();
        for (long seed = 0; seed < 25; seed++) {
            List<Integer> sample = sample(0, 5, seed);
            assertEquals(5, new HashSet<>(sample).size(), sample.toString());
            for (int step = 1; step < 5; step++) {
                assertEquals(sample, sample(step, 5, seed), "after step " + step);
            }
            samples.add(sample);
        }
        // two of 658,008 possible samples are the same with a probability of 0.05 %
        assertEquals(25, samples.size());
    }

    @Test
    void everyBatchIsSampledEquallyOften() {
        int[] counts = new int[40];
        for (long seed = 0; seed < 400; seed++) {
            for (int index : sample(1, 10, seed)) {
                counts[index]++;
            }
        }
        // 100 each, with a deviation of √(400 · ¼ · ¾) = 8.7
        for (int count : counts) {
            assertEquals(100, count, 5 * 8.7, Arrays.toString(counts));
        }
    }

    @Test
    void aSampleOfAsManyBatchesAsThereAreIsTheWholeSet() {
        Evaluation whole = new Evaluator(run.gpt, set).evaluate(3);
        assertEquals(whole, new Evaluator(run.gpt, set).evaluate(3, 40, 42));
        assertEquals(whole, new Evaluator(run.gpt, set).evaluate(3, Integer.MAX_VALUE, 42));
        assertNotEquals(whole, new Evaluator(run.gpt, set).evaluate(3, 39, 42));
    }

    @Test
    void theBestIsLowerThanAllBefore() {
        Evaluator evaluator = new Evaluator(run.gpt, set);
        assertEquals(Double.POSITIVE_INFINITY, evaluator.bestLoss());
        Evaluation first = evaluator.evaluate(0);
        assertTrue(first.best(), "the first is the best so far");
        assertFalse(evaluator.evaluate(1).best(), "the same again is no better");
        double[] head = run.gpt.parameters().get("lm_head").data();
        double[] before = head.clone();
        Arrays.fill(head, 0); // guesses, which is better than what is drawn at random
        Evaluation better = evaluator.evaluate(2);
        assertTrue(better.best(), better + " after " + first);
        System.arraycopy(before, 0, head, 0, head.length);
        assertFalse(evaluator.evaluate(3).best(), "better than the last, not than the best");
        assertEquals(better.loss(), evaluator.bestLoss());
    }

    @Test
    void aPreviewIsTheSameButNeitherCountsNorNotifies() {
        Evaluator evaluator = new Evaluator(run.gpt, set);
        List<Evaluation> notified = new ArrayList<>();
        evaluator.addListener(new TrainingListener() {
            @Override
            public void onStep(TrainingStep step) {}

            @Override
            public void onEvaluation(Evaluation evaluation) {
                notified.add(evaluation);
            }
        });
        Evaluation sample = evaluator.preview(7, 9, 42);
        Evaluation whole = evaluator.preview(7, 40, 42);
        assertEquals(Double.POSITIVE_INFINITY, evaluator.bestLoss());
        assertEquals(List.of(), notified);
        assertEquals(sample, new Evaluator(run.gpt, set).evaluate(7, 9, 42));
        assertEquals(whole, new Evaluator(run.gpt, set).evaluate(7));
        assertEquals(40, evaluator.batches());
    }

    @Test
    void aLossThatIsNotFiniteIsRefusedWithItsOrigin() {
        Evaluator evaluator = new Evaluator(run.gpt, set);
        double[] head = run.gpt.parameters().get("lm_head").data();
        double[] before = head.clone();
        head[3] = Double.NaN;
        TrainingDivergedException nan = assertThrows(TrainingDivergedException.class, () -> evaluator.evaluate(1));
        assertEquals("evaluation after step 1: the loss is NaN: parameter lm_head is NaN at [0, 3]", nan.getMessage());

        System.arraycopy(before, 0, head, 0, head.length);
        Arrays.fill(head, 0, 8, -1e308);
        Arrays.fill(head, 8, 16, 1e308);
        TrainingDivergedException tooLarge =
                assertThrows(TrainingDivergedException.class, () -> evaluator.evaluate(0, 1, 42));
        assertTrue(
                tooLarge.getMessage()
                        .matches("evaluation: the loss is .*: the output of operation .*linear with lm_head.*"),
                tooLarge.getMessage());

        System.arraycopy(before, 0, head, 0, head.length);
        assertTrue(evaluator.evaluate(2).best(), "neither was counted");
    }

    @Test
    void anEvaluatorGoesOnWithTheBestOfAnother() {
        double loss = new Evaluator(run.gpt, set).evaluate(1).loss();
        Evaluator worse = new Evaluator(run.gpt, set);
        worse.resumeAt(loss);
        assertFalse(worse.evaluate(1).best());
        Evaluator better = new Evaluator(run.gpt, set);
        better.resumeAt(Math.nextUp(loss));
        assertTrue(better.evaluate(1).best());
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> better.resumeAt(Double.NaN));
        assertEquals("evaluator: the best loss is NaN, but must be a number", e.getMessage());
    }

    @Test
    void evaluationsBetweenStepsChangeNoBitOfTheTraining() {
        MicrogptRun undisturbed =
                new MicrogptRun(NAMES, SHAPE, new TrainingConfig(20, 2, 0.01, 0.85, 0.99, 1e-8, 42)).train();
        Evaluator evaluator = new Evaluator(run.gpt, set);
        run.trainer.addListener(step -> {
            evaluator.evaluate(step.number());
            evaluator.evaluate(step.number(), 3, 42);
            for (Parameter parameter : run.gpt.parameters().all()) {
                assertArrayEquals(new double[parameter.shape().size()], parameter.grad(), parameter.name());
            }
        });
        run.train();
        assertEquals(undisturbed.losses, run.losses);
        assertEquals(undisturbed.random.state(), run.random.state());
        Map<String, double[]> expected = undisturbed.parameters();
        expected.forEach(
                (name, numbers) -> assertArrayEquals(numbers, run.parameters().get(name), name));
    }

    @Test
    void aRefusedBatchLeavesTheEvaluatorUsable() {
        List<int[]> tooLong = List.of(new int[SHAPE.blockSize() + 2]);
        Evaluator evaluator = new Evaluator(run.gpt, set);
        Evaluation before = evaluator.evaluate(0);
        set.replacement = Batch.forTraining(tooLong);
        assertThrows(IllegalArgumentException.class, () -> evaluator.evaluate(1));
        set.replacement = null;
        assertEquals(before.loss(), evaluator.evaluate(0).loss());
    }

    @Test
    void threadsMayEvaluateOneAfterAnother() throws InterruptedException, ExecutionException {
        Evaluator evaluator = new Evaluator(run.gpt, set);
        double loss = evaluator.evaluate(1).loss();
        FutureTask<Double> other = new FutureTask<>(() -> evaluator.evaluate(1).loss());
        new Thread(other).start();
        assertEquals(loss, other.get());
        assertEquals(loss, evaluator.evaluate(1).loss());
    }

    @Test
    void aSampleOfNothingIsRefused() {
        Evaluator evaluator = new Evaluator(run.gpt, set);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> evaluator.evaluate(1, 0, 42));
        assertEquals("evaluation batches is 0, but must be at least 1", e.getMessage());
    }

    /** The chain of sums of one forward pass over all sequences, bit for bit. */
    @Test
    void aLargeBatchIsComputedInPartsWithTheBitsOfOne() {
        Random random = new Random(5);
        List<int[]> sequences = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            sequences.add(random.ints(2 + random.nextInt(8), 0, run.tokenizer.vocabSize())
                    .toArray());
        }
        Batch all = Batch.forTraining(sequences);
        assertTrue(all.ids().length > 2 * Evaluator.positionsAtATime(run.gpt.config()), all.ids().length + " rows");
        Tape tape = Tape.inference();
        Tensor logits = run.gpt.forward(tape, all);
        double sum = tape.apply(new CrossEntropy(logits, all.targets(), 1)).item();

        List<TokenScore> scores = new ArrayList<>();
        Evaluation evaluation = new Evaluator(run.gpt, new OneBatch(all)).evaluate(0, scores::add);
        assertEquals(sum / all.targets().length, evaluation.loss());
        assertEquals(all.targets().length, scores.size());
        double chain = 0;
        for (TokenScore score : scores) {
            chain -= score.logProbability();
        }
        assertEquals(sum, chain, "a score is the loss of its target");
    }

    @Test
    void theTapeOfAnEvaluationDoesNotGrowWithTheBatch() {
        List<Integer> rows = new ArrayList<>();
        Layer recording = (tape, x, batch) -> {
            rows.add(x.shape().rows());
            return x;
        };
        GptConfig config = GptConfig.microgpt(3).withSizes(1, 1, 4, 1500).withMlp((scope, any) -> recording);
        Gpt gpt = new Gpt(config, Parameters.drawnFrom(new PythonRandom(1)));
        List<int[]> sequences = new ArrayList<>(Collections.nCopies(1000, new int[9]));
        sequences.add(new int[1501]);
        sequences.add(new int[9]);
        new Evaluator(gpt, new OneBatch(Batch.forTraining(sequences))).evaluate(0);
        // as many sequences of 8 positions as fit, what is left of them, and a long one on its own
        assertEquals(List.of(1024, 1024, 1024, 1024, 1024, 1024, 1024, 832, 1500, 8), rows);
    }

    @Test
    void ofALargerModelFewerPositionsAreComputedAtATime() {
        assertEquals(1024, Evaluator.positionsAtATime(SHAPE));
        assertEquals(478, Evaluator.positionsAtATime(GptConfig.nano(65)));
        assertEquals(1, Evaluator.positionsAtATime(GptConfig.gpt2(1 << 30)));
    }

    /** The same sum, window by window and position by position. */
    @Test
    void anOverlapIsContextAndEachTokenIsScoredOnce() {
        String document = "emmaoliviaavamiaisabellazoelily";
        int blockSize = SHAPE.blockSize();
        int[] ids = run.tokenizer.encode(document);
        int[] tokens = new int[ids.length + 2];
        System.arraycopy(ids, 0, tokens, 1, ids.length);
        tokens[0] = run.tokenizer.bos();
        tokens[ids.length + 1] = run.tokenizer.bos();
        for (int stride = 1; stride <= blockSize; stride++) {
            double sum = 0;
            for (int target = 1; target < tokens.length; target++) {
                // the first window that reaches it
                int window = Math.max(0, (target - blockSize + stride - 1) / stride) * stride;
                int[] sequence = Arrays.copyOfRange(tokens, window, target + 1);
                Batch batch = Batch.forTraining(List.of(sequence));
                Tape tape = Tape.inference();
                CrossEntropy losses = new CrossEntropy(run.gpt.forward(tape, batch), batch.targets(), 1);
                tape.apply(losses);
                sum += losses.loss(sequence.length - 2);
            }
            List<TokenScore> scores = new ArrayList<>();
            Evaluation evaluation = new Evaluator(
                            run.gpt, new DocumentWindows(List.of(document), run.tokenizer, 100, blockSize, stride))
                    .evaluate(0, scores::add);
            assertEquals(sum / (tokens.length - 1), evaluation.loss(), "stride " + stride);
            assertEquals(tokens.length - 1, evaluation.tokens());
            assertEquals(ids.length, evaluation.bytes());
            for (int i = 0; i < scores.size(); i++) {
                assertEquals(i + 1, scores.get(i).position());
                assertEquals(tokens[i + 1], scores.get(i).id());
            }
            Tokens text = MemoryTokens.of(tokens, run.tokenizer.vocabSize());
            TextWindows windows = new TextWindows(text, blockSize, 100, ids.length).withStride(stride);
            assertEquals(evaluation, new Evaluator(run.gpt, windows).evaluate(0));
        }
    }

    @Test
    void aSampleOfOverlappingWindowsCountsItsOwnTargets() {
        Tokens text = MemoryTokens.of(new int[100], run.tokenizer.vocabSize());
        TextWindows windows = new TextWindows(text, 8, 2, 99).withStride(3);
        Evaluator evaluator = new Evaluator(run.gpt, windows);
        assertEquals(99, evaluator.evaluate(0).tokens());
        Evaluation sample = evaluator.evaluate(1, 4, 42);
        assertTrue(sample.tokens() >= 4 * 2 * 3 - 3 && sample.tokens() <= 4 * 2 * 3 + 5, sample.toString());
        assertEquals(sample.tokens(), sample.bytes());
    }

    private record OneBatch(Batch batch) implements ValidationSet {
        @Override
        public int batches() {
            return 1;
        }

        @Override
        public Batch batch(int index) {
            return batch;
        }

        @Override
        public long tokens() {
            return batch.targets().length;
        }

        @Override
        public long bytes() {
            return tokens();
        }
    }

    private List<Integer> sample(int step, int batches, long seed) {
        set.asked.clear();
        new Evaluator(run.gpt, set).evaluate(step, batches, seed);
        return List.copyOf(set.asked);
    }

    /** Random sequences of unequal length, one in each batch. */
    private static final class Texts implements ValidationSet {
        final List<int[]> sequences = new ArrayList<>();
        final List<Integer> asked = new ArrayList<>();
        Batch replacement;

        Texts(int count, int vocabSize, long seed) {
            Random random = new Random(seed);
            for (int i = 0; i < count; i++) {
                int length = 2 + random.nextInt(SHAPE.blockSize());
                sequences.add(random.ints(length, 0, vocabSize).toArray());
            }
        }

        @Override
        public long tokens() {
            return sequences.stream().mapToLong(sequence -> sequence.length - 1).sum();
        }

        @Override
        public long bytes() {
            return 3 * tokens() + 1;
        }

        @Override
        public int batches() {
            return sequences.size();
        }

        @Override
        public Batch batch(int index) {
            asked.add(index);
            return replacement == null ? Batch.forTraining(List.of(sequences.get(index))) : replacement;
        }
    }
}
